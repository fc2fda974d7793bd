"""Words of a case on their way into a chat: nothing in them may mention, link, hide or format."""

import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Controls, bidirectional and zero-width marks, surrogates, private use.
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co"})
# Backslash escapes are not dependable in chat clients; full-width twins are, and read the same in Chinese text.
TWINS = str.maketrans("\\`*_{}[]()<>#|~!@&", "＼｀＊＿｛｝［］（）＜＞＃｜～！＠＆")
ELLIPSIS = "……（略）"


def clean(text: str) -> str:
    """Return `text` with line breaks as its only invisible characters."""
    lines = text.splitlines()
    return "\n".join("".join(c for c in line if unicodedata.category(c) not in INVISIBLE) for line in lines)


def inert(text: str) -> str:
    """Return cleaned `text` in which no mark-up, mention or address is left."""
    return clean(text).translate(TWINS).replace("://", "：//")


def cut(text: str, size: int) -> str:
    """Return `text` in at most `size` UTF-8 bytes, never half a character, ending in an ellipsis when shortened."""
    if len(text.encode()) <= size:
        return text
    return text.encode()[: max(0, size - len(ELLIPSIS.encode()))].decode(errors="ignore") + ELLIPSIS


def shanghai(at: datetime) -> str:
    """Return an instant as people here read it, to the minute."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
