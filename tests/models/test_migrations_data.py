"""Migrations over a database that has been lived in: no row changes, no chain breaks, nothing is left behind."""

from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, select

from models import metadata, migrate
from models.database import read_session, write_session
from tests.desk import Desk
from tests.people import populate
from workflow.anchor import make_anchor
from workflow.verify import verify


def contents(database: Engine) -> dict[str, str]:
    """A digest of every row of every table."""
    with database.connect() as connection:
        rows = {t.name: sorted(map(repr, connection.execute(select(t)).all())) for t in metadata.sorted_tables}
    return {name: sha256("\n".join(lines).encode()).hexdigest() for name, lines in rows.items() if lines}


@pytest.fixture
def lived_in(desk: Desk, tmp_path: Path) -> Desk:
    """A district with cases in many states, overdue ones and an anchor."""
    for state in ("discovered", "assigned", "submitted", "closed"):
        desk.to(state)
    desk.live(60, step=20)
    with write_session(desk.engine) as session:
        make_anchor(session, tmp_path, key=b"k" * 32, now=desk.clock.now)
    return desk


def test_migrating_a_lived_in_database_changes_no_row_and_breaks_no_chain(lived_in: Desk) -> None:
    before = contents(lived_in.engine)

    migrate.upgrade(lived_in.engine)

    assert contents(lived_in.engine) == before
    assert {"cases", "events", "deadlines", "rungs", "acts", "messages", "evidence", "anchors"} <= set(before)
    with read_session(lived_in.engine) as session:
        assert verify(session).sound


def test_a_lived_in_database_can_be_taken_down_and_begun_anew(lived_in: Desk) -> None:
    migrate.downgrade(lived_in.engine)
    assert set(inspect(lived_in.engine).get_table_names()) <= {"alembic_version"}

    migrate.upgrade(lived_in.engine)

    assert contents(lived_in.engine) == {}
    with write_session(lived_in.engine) as session:
        cast = populate(session, lived_in.clock.now)
    again = Desk(lived_in.engine, cast, lived_in.clock)
    assert again.case(again.to("closed")).number.endswith("000001")
