"""What makes a second import of the same file add nothing: a key of each row's content."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from operator import attrgetter

from ledger.records import Row

# As written, never as computed: a better reading of dates must not import an old file anew.
_CONTENT = attrgetter(
    "number", "unit_name", "unit_type", "credit_code", "place_text", "address", "sector", "description", "location",
    "level_text", "kind", "found_text", "published_text", "finder", "source", "responsible_text", "lead_text",
    "requirement", "deadline_text", "status_text", "measures", "contact", "phone", "remark",
)  # fmt: skip
_BLANKS = re.compile(r"\s+")


def keyed(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with their keys; rows of equal content are numbered, so that each repeat is kept."""
    seen: Counter[str] = Counter()
    for row in rows:
        content = _content(row)
        seen[content] += 1
        digest = hashlib.sha256(f"{content}\x1e{seen[content]}".encode("utf-8", "surrogatepass"))
        yield replace(row, key=digest.hexdigest())


def _content(row: Row) -> str:
    extra = "\x1f".join(f"{heading}={value}" for heading, value in sorted(row.extra.items()))
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", "\x1f".join((*_CONTENT(row), str(row.money_yuan), extra))))
