"""What a client calls a file is text for display, never part of a path."""

import unicodedata

from api.evidence.refusals import PathInName

LONGEST = 200
# Control (NUL, CR, LF), format (bidi, zero width), half a surrogate pair; line and paragraph breaks.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def bare(name: str) -> str:
    """The name as `shown`; refuses (PathInName) one that names a folder, for no browser sends one and a prober does."""
    if set("/\\") & set(name):
        raise PathInName(field="name", right="只写文件名本身，如 整改后.jpg", name=shown(name))
    return shown(name)


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
