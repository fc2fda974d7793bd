"""PDF, inside the isolated child: whole, open to inspection, and doing nothing by itself; it is never re-encoded."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from api.evidence.outcomes import Outcome, Stop

PIECE = 1 << 16
# Decompressed bytes looked at in all before a document counts as a bomb.
INFLATED_LIMIT = 512 * 2**20


def _name(word: str) -> bytes:
    # Any letter of a name may be written #xx (ISO 32000-1 §7.3.5).
    letters = b"".join(b"(?:%c|#(?i:%02x))" % (ord(c), ord(c)) for c in word)
    return b"/" + letters + rb"(?![A-Za-z0-9#])"


# Actions that run something (ISO 32000-1 §12.6.4): scripts, programs, and renditions, which may carry a script.
ACTIVE = re.compile(b"|".join(map(_name, ("JavaScript", "Launch", "Rendition"))))
ENCRYPTED = re.compile(_name("Encrypt"))
STREAM = re.compile(rb"(?<!end)stream\r?\n")
ENDING = re.compile(rb"startxref\s+\d+\s+%%EOF[\s\0]*\Z")


def examine(source: Path) -> dict[str, Any]:
    """Stop at a document without header or ending, an encrypted one, or one with scripts; nothing else to report."""
    paper = source.read_bytes()
    if not paper.startswith(b"%PDF-") or not ENDING.search(paper, max(0, len(paper) - 1024)):
        raise Stop(Outcome.CORRUPT)
    if ENCRYPTED.search(paper):
        raise Stop(Outcome.ENCRYPTED)
    if ACTIVE.search(paper) or any(ACTIVE.search(piece) for piece in _inflated(paper)):
        raise Stop(Outcome.ACTIVE)
    return {}


def _inflated(paper: bytes) -> Iterator[bytes]:
    # Objects may hide in compressed streams; each piece overlaps the one before so that no name is cut in two.
    total = 0
    for start in STREAM.finditer(paper):
        tail = b""
        for piece in _pieces(paper, start.end()):
            total += len(piece)
            if total > INFLATED_LIMIT:
                raise Stop(Outcome.CORRUPT)
            yield tail + piece
            tail = piece[-64:]


def _pieces(paper: bytes, start: int) -> Iterator[bytes]:
    inflate = zlib.decompressobj()
    rest = b""
    while not inflate.eof and (rest or start < len(paper)):
        if not rest:
            rest, start = paper[start : start + PIECE], start + PIECE
        try:
            piece = inflate.decompress(rest, PIECE)
        except zlib.error:
            return
        rest = inflate.unconsumed_tail
        yield piece
