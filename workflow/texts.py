"""Words as people type and paste them: tidied before they are stored, folded before they are compared."""

import unicodedata
from typing import Any

from models import Base
from workflow.refusals import Missing, Refusal

INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
LINE = 60


class TooLong(Refusal):
    """内容过长。"""


def tidy(text: str) -> str:
    """Return `text` without invisible characters and with single spaces; nothing a reader sees is changed."""
    seen = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in INVISIBLE)
    return " ".join(seen.split())


def one_line(words: str) -> str:
    """Return `words` as one line that fits a list, an ellipsis for what does not fit."""
    line = " ".join(words.split())
    return line if len(line) <= LINE else line[: LINE - 1] + "…"


def fold(text: str) -> str:
    """Return the form in which two spellings of one name are equal: half-width, no spaces, no case."""
    return "".join(unicodedata.normalize("NFKC", tidy(text)).casefold().split())


def required(text: str, *, field: str) -> str:
    """Return the tidied text of a field that may not be blank; Missing when it is."""
    tidied = tidy(text)
    if not tidied:
        raise Missing(field=field, right="不能为空")
    return tidied


def check_lengths(table: type[Base], values: dict[str, Any]) -> None:
    """Refuse with TooLong any of `values` (by column name) that its column in `table` cannot hold."""
    for name, value in values.items():
        limit = getattr(table.__table__.c[name].type, "length", None)
        if isinstance(value, str) and limit is not None and len(value) > limit:
            raise TooLong(field=name, right=f"不超过 {limit} 个字")
