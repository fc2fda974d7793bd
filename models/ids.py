"""Public ids: unguessable, in the order in which they were made (RFC 9562 UUID version 7 as 32 hex digits)."""

import os
from datetime import datetime
from itertools import count

# Counts on through a process's life (RFC 9562 §6.2, method 1): what one instant makes, such as an import's cases, keeps
# its order, and the pages of an index that it touches are few. 48 random bits are left.
_COUNTED = 26
_count = count(int.from_bytes(os.urandom(3), "big"))


def new_id(now: datetime) -> str:
    """A fresh id that sorts by `now` to the millisecond, then by when this process made it."""
    milliseconds = int(now.timestamp() * 1000) & 0xFFFFFFFFFFFF
    nth = next(_count) & (1 << _COUNTED) - 1
    tail = (nth & 0x3FFF) << 48 | int.from_bytes(os.urandom(6), "big")
    value = milliseconds << 80 | 0x7 << 76 | (nth >> 14) << 64 | 0b10 << 62 | tail
    return f"{value:032x}"
