"""Turns (排队): threads of one process write to an embedded database in the order in which they asked.

SQLite itself lets waiting writers look again at random, and with many of them one can look in vain for seconds.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Turns:
    """A queue for one thing that one thread at a time may have."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    @contextmanager
    def turn(self, *, seconds: float) -> Iterator[bool]:
        """Wait at most `seconds` for a turn and hold it; false and no turn where the others took longer."""
        mine = self._take(seconds)
        try:
            yield mine
        finally:
            if mine:
                self._pass_on()

    def _take(self, seconds: float) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            called = Lock()
            called.acquire()
            self._waiting.append(called)
        if called.acquire(timeout=seconds):
            return True
        with self._guard:
            if called in self._waiting:
                self._waiting.remove(called)
                return False
        return True  # called in the very moment of giving up

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
