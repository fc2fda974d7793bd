"""The isolated child: limits itself, looks at one file nobody trusts, leaves a report, ends with an outcome."""

import contextlib
import json
import resource
from pathlib import Path

from api.evidence import papers, pictures
from api.evidence.outcomes import UNWRITABLE, Outcome, Stop

# A picture of 52 million pixels takes some 600 MB while it is turned and flattened.
LIMITS = (
    (resource.RLIMIT_AS, 2 * 2**30),
    (resource.RLIMIT_CPU, 20),
    (resource.RLIMIT_FSIZE, 64 * 2**20),
    (resource.RLIMIT_NOFILE, 64),
    (resource.RLIMIT_CORE, 0),
)


def main(folder: str, plugin: str, pixel_limit: str) -> int:
    """Look at `folder`/original as the Pillow plugin named (empty: a PDF); the result is an `Outcome`."""
    _limit()
    return _look(Path(folder), plugin, int(pixel_limit))


def _limit() -> None:
    for which, amount in LIMITS:
        hard = resource.getrlimit(which)[1]
        amount = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        # macOS refuses a limit on the address space; the time limits hold there all the same.
        with contextlib.suppress(ValueError):
            resource.setrlimit(which, (amount, amount))


def _look(folder: Path, plugin: str, pixel_limit: int) -> Outcome:
    try:
        if plugin:
            report = pictures.examine(folder / "original", folder / "copy", plugin=plugin, pixel_limit=pixel_limit)
        else:
            report = papers.examine(folder / "original")
        (folder / "report").write_text(json.dumps(report), encoding="utf-8")
    except Stop as stop:
        return stop.outcome
    except OSError as error:
        return Outcome.UNWRITABLE if error.errno in UNWRITABLE else Outcome.CORRUPT
    # Decoders of hostile bytes raise anything from SyntaxError to MemoryError.
    except Exception:
        return Outcome.CORRUPT
    return Outcome.DONE
