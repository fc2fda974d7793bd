"""When a message is tried again (重发间隔), and when it is given up."""

import zlib
from datetime import timedelta

FIRST_WAITS = (5, 30, 120, 300, 900, 1_800)  # seconds
HOUR = 3_600
GIVE_UP_AFTER = 72 * HOUR
ATTEMPTS = 1 + len(FIRST_WAITS) + (GIVE_UP_AFTER - sum(FIRST_WAITS)) // HOUR


def wait(message_id: str, *, attempts: int) -> timedelta:
    """Return how long to wait after the given number of attempts, ±20 % by the message so that retries spread."""
    seconds = FIRST_WAITS[attempts - 1] if attempts <= len(FIRST_WAITS) else HOUR
    share = zlib.crc32(f"{message_id}:{attempts}".encode()) / 0xFFFFFFFF
    return timedelta(seconds=seconds * (0.8 + 0.4 * share))
