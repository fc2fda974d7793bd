"""What makes a second import of the same ledger add nothing: a key of what tells one hazard from another."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from operator import attrgetter

from ledger.records import Row

# As written, never as computed: a better reading of dates must not import an old file anew. What a later edition of
# the same ledger changes (how far the work is, remarks, a date) is left out: it is still the same hazard.
_IDENTITY = attrgetter(
    "number", "unit_name", "credit_code", "place_text", "address", "description", "location", "found_text", "finder"
)  # fmt: skip
_BLANKS = re.compile(r"\s+")


def keyed(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with their keys; rows of equal identity are numbered, so that each repeat is kept."""
    seen: Counter[str] = Counter()
    for row in rows:
        content = _content(row)
        seen[content] += 1
        digest = hashlib.sha256(f"{content}\x1e{seen[content]}".encode("utf-8", "surrogatepass"))
        yield replace(row, key=digest.hexdigest())


def _content(row: Row) -> str:
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", "\x1f".join(_IDENTITY(row))))
