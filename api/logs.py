"""Logs (日志): one JSON object a line on standard error, without words of cases, secrets or phone numbers."""

import contextlib
import json
import logging
import sys
import traceback
from typing import TextIO, cast

import structlog

FRAMES = 3
LONGEST = 300


class OneLine(logging.Formatter):
    """What libraries say, in the shape of our own lines."""

    def format(self, record: logging.LogRecord) -> str:
        """One JSON object."""
        line = {"event": record.getMessage()[:LONGEST], "from": record.name, "level": record.levelname.lower()}
        if record.exc_info and record.exc_info[1]:
            line["error"] = named(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


class Stderr(logging.StreamHandler[TextIO]):
    """Standard error as it is now, which need not be what it was when logs were set up."""

    @property
    def stream(self) -> TextIO:
        """Where lines go."""
        return sys.stderr

    @stream.setter
    def stream(self, _stream: TextIO) -> None:
        """The library's own choice at the start, which is the same."""


class Unfailing:
    """Standard error as it is now; a line it can't take, on a full disk say, must not cost anybody an answer."""

    def write(self, text: str) -> None:
        """One line, if it can be had."""
        with contextlib.suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        """As far as it goes."""
        with contextlib.suppress(OSError):
            sys.stderr.flush()


HEARD = cast(TextIO, Unfailing())


def configure(least: int = logging.WARNING) -> None:
    """Set the process's logs up: our own lines from the level `least` on, libraries' from warnings on."""
    root = logging.getLogger()
    if not any(isinstance(handler, Stderr) for handler in root.handlers):
        heard = Stderr(sys.stderr)
        heard.setFormatter(OneLine())
        root.addHandler(heard)
    # A sweep that outlasts its period is no news: the heartbeat tells.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=lambda *_args: structlog.WriteLogger(HEARD),
    )


def named(error: BaseException) -> str:
    """What a log may say of an error: its name and where it arose, never its text, which may quote a row."""
    cause = getattr(error, "orig", None)
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    return " ".join([type(error).__name__, *([f"({type(cause).__name__})"] if cause else []), where]).strip()
