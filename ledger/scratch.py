"""Sessions for trying an import (试导入): on the real database, undone at the end, or on one that holds nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from models import Organisation, metadata
from models import database as databases
from workflow.places import add_organisation


@contextmanager
def undone(engine: Engine, now: datetime) -> Iterator[Session]:
    """A transaction that may write and is always rolled back; where there is no district yet, on an empty database."""
    if not has_district(engine):
        with _nothing(now) as session:
            yield session
        return
    with Session(engine) as session:
        session.connection()
        yield session


def has_district(engine: Engine) -> bool:
    """Whether the database has tables and a district in its tree; a file that is not there is not made."""
    file = engine.url.database
    if engine.dialect.name == "sqlite" and not (file and Path(file).exists()):
        return False
    with databases.read_session(engine) as session:
        if not inspect(session.connection()).has_table(Organisation.__tablename__):
            return False
        return session.scalar(select(Organisation.id).where(Organisation.kind == "district").limit(1)) is not None


@contextmanager
def _nothing(now: datetime) -> Iterator[Session]:
    """A database of its own with one nameless district, for counting against nothing."""
    with TemporaryDirectory() as folder:
        engine = databases.engine(f"sqlite:///{folder}/nothing.db")
        try:
            metadata.create_all(engine)
            with Session(engine) as session:
                add_organisation(session, kind="district", name="（空库）", parent_id=None, now=now)
                yield session
        finally:
            engine.dispose()
