"""Public ids: random, unguessable, in order of time (RFC 9562 UUID version 7 as 32 hex digits)."""

import os
from datetime import datetime


def new_id(now: datetime) -> str:
    """A fresh id that sorts by `now` to the millisecond."""
    milliseconds = int(now.timestamp() * 1000) & 0xFFFFFFFFFFFF
    tail = int.from_bytes(os.urandom(10), "big")
    value = milliseconds << 80 | 0x7 << 76 | (tail >> 68 & 0xFFF) << 64 | 0b10 << 62 | tail & 0x3FFFFFFFFFFFFFFF
    return f"{value:032x}"
