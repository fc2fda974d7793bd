"""Kept connections (留用的连接): taken out of the pool once and used for one transaction after another.

Taking one out and giving it back costs as much as reading a case and its promises.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.engine.base import OptionEngine
from sqlalchemy.orm import Session

from models.sessions import session_on

KEPT = "kept"


class Kept:
    """At most so many connections that nobody uses now, the last used first: it still has the last move's pages."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._free: deque[Connection] = deque()

    @contextmanager
    def transaction(self, engine: Engine) -> Iterator[Session]:
        """A transaction of the engine's, and a session in it."""
        opened = self._taken() or engine.connect()
        try:
            with opened.begin(), session_on(opened) as session:
                yield session
        except BaseException:
            if opened.invalidated:
                # The server went away; the others would only find that out one by one.
                self.give_back()
            # The pool sees to it that nothing is left begun on a connection that failed.
            opened.close()
            raise
        if len(self._free) < self._most:
            self._free.append(opened)
        else:
            opened.close()

    def give_back(self) -> None:
        """Give all that nobody uses back to the pool."""
        while opened := self._taken():
            opened.close()

    def _taken(self) -> Connection | None:
        try:
            return self._free.pop()
        except IndexError:
            return None


class KeepingEngine(OptionEngine):
    """An engine whose kept connections end with it, and with them the engine that reads for it, if it is another."""

    def __init__(self, made: Engine, *, most: int, reader: Engine | None = None, options: Mapping[str, Any]) -> None:
        self._kept, self._reader = Kept(most), reader
        super().__init__(made, {**options, KEPT: self._kept})

    def dispose(self, close: bool = True) -> None:
        """Close every connection that nobody uses."""
        self._kept.give_back()
        super().dispose(close=close)
        if self._reader is not None:
            self._reader.dispose(close=close)
