"""Turns (排队): threads of one process write to an embedded database in the order in which they asked.

SQLite itself lets waiting writers look again at random, and with many of them one can look in vain for seconds.
"""

from collections import deque
from threading import Lock
from types import TracebackType


class Turns:
    """A queue for one thing that one thread at a time may have."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    def turn(self, *, seconds: float) -> "Turn":
        """Wait at most `seconds` for a turn and hold it in the block; false where the others took longer."""
        return Turn(self, seconds)

    def take(self, seconds: float) -> bool:
        """Wait for a turn, at most so long; who got one passes it on when done."""
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

    def pass_on(self) -> None:
        """Give the turn to who asked next."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


class Turn:
    """A turn for a block; a class, for every move takes one and a generator would take thrice as long."""

    __slots__ = ("_mine", "_seconds", "_turns")

    def __init__(self, turns: Turns, seconds: float) -> None:
        self._turns, self._seconds = turns, seconds

    def __enter__(self) -> bool:
        self._mine = self._turns.take(self._seconds)
        return self._mine

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        if self._mine:
            self._turns.pass_on()
