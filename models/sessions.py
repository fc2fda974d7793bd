"""Sessions on a connection's transaction, lent again and again: a new one costs as much as a statement."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.orm import Session

CONNECTION = "connection"
# As many as were ever in use at one instant.
_spare: deque[Session] = deque()


@contextmanager
def session_on(opened: Connection) -> Iterator[Session]:
    """A session in the connection's transaction: one begun by the session itself takes twice as long."""
    session = _taken()
    session.bind = session.info[CONNECTION] = opened
    try:
        yield session
        # The hot path does without the session, and what was never used need not be emptied.
        if session.in_transaction():
            session.flush()
    finally:
        if session.in_transaction():
            session.close()
        session.bind = session.info[CONNECTION] = None
        _spare.append(session)


def _taken() -> Session:
    try:
        return _spare.pop()
    except IndexError:
        return Session(expire_on_commit=False)
