"""What a client calls a file is text for display, never part of a path."""

import unicodedata

LONGEST = 200
# Control (NUL, CR, LF), format (bidi, zero width), half a surrogate pair; line and paragraph breaks.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def shown(name: str) -> str:
    """A client's file name without folders, control and bidi characters, at most 200 long; may be empty."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(c for c in last if unicodedata.category(c) not in UNSEEN).strip().rstrip(". ")
    if len(visible) <= LONGEST:
        return visible
    suffix = extension(visible)
    short = visible[: LONGEST - len(suffix)] + suffix if len(suffix) <= 10 else visible[:LONGEST]
    return short.rstrip(". ")


def extension(name: str) -> str:
    """The lower-case extension with its dot, or an empty text."""
    _, dot, suffix = name.rpartition(".")
    return (dot + suffix).lower() if dot else ""
