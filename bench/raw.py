"""The raw driver's side: for each move the locked SELECT, then one statement a table, writing exactly `fire`'s rows."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import psycopg
from sqlalchemy import make_url

from models.database import engine
from models.instant import encode
from models.sqlite import BUSY_SECONDS, journal_mode
from workflow.decision import Decision
from workflow.rows import CaseRow
from workflow.write import CHANGES


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its rows of parameters; several rows go by `executemany`, which counts as one statement."""

    sql: str
    rows: Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class RawMove:
    """All that one move writes, made before the clock starts; only the chain's hash is computed inside."""

    case_id: str
    body: bytes
    statements: tuple[Statement, ...]


class Driver(Protocol):
    """How a driver marks a parameter, what it is given for a value, and one durable move."""

    mark: str

    def value(self, value: Any) -> Any: ...
    def move(self, move: RawMove) -> None: ...


def raw_move(decision: Decision, driver: Driver) -> RawMove:
    """The statements for one decision."""
    assert decision.before is not None
    mark = driver.mark
    grouped: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    changed = [c for c in CaseRow._fields if getattr(decision.before, c) != getattr(decision.after, c)]
    assigned = ", ".join(f"{c} = {mark}" for c in changed)
    grouped[f"UPDATE cases SET {assigned} WHERE id = {mark}"].append(
        tuple(getattr(decision.after, c) for c in (*changed, "id"))
    )
    for change in decision.changes:
        rule = CHANGES[change.kind]
        sets = ", ".join([*(f"{c} = {mark}" for c in change.values), *([rule.sets] if rule.sets else [])])
        where = " AND ".join([*(f"{k} = {mark}" for k in change.keys), *([rule.condition] if rule.condition else [])])
        sql = f"UPDATE {rule.table} SET {sets} WHERE {where}"
        grouped[sql].append((*change.values.values(), *change.keys.values()))
    rows = [("events", event._asdict()) for event in decision.events]
    for table, row in (*rows, *decision.inserts):
        sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(mark for _ in row)})"
        grouped[sql].append(tuple(row.values()))
    return RawMove(
        decision.after.id,
        decision.events[-1].body.encode(),
        tuple(Statement(sql, [tuple(map(driver.value, row)) for row in rows]) for sql, rows in grouped.items()),
    )


class RawPostgresql:
    """Psycopg alone, statements prepared by the driver after five uses."""

    mark = "%s"

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url)
        self._locked = f"SELECT {', '.join(CaseRow._fields)} FROM cases WHERE id = %s FOR UPDATE"

    def move(self, move: RawMove) -> None:
        """One durable move."""
        cursor = self._connection.cursor()
        row = cursor.execute(self._locked, (move.case_id,)).fetchone()
        assert row is not None
        hashlib.sha256(row[6].encode() + move.body).hexdigest()
        for statement in move.statements:
            if len(statement.rows) > 1:
                cursor.executemany(statement.sql, statement.rows)
            else:
                cursor.execute(statement.sql, statement.rows[0])
        self._connection.commit()

    def value(self, value: Any) -> Any:
        """Psycopg takes Python's values as they are."""
        return value


class RawSqlite:
    """The SQLite driver alone, as durable as ours; when its log is copied is left to SQLite, as it is by itself."""

    mark = "?"

    def __init__(self, url: str) -> None:
        path, driver = make_url(url).database, engine(url).dialect.loaded_dbapi
        sqlite: Any = driver  # the same build of SQLite as ours
        self._connection = sqlite.connect(path, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False)
        self._connection.execute(f"PRAGMA journal_mode={journal_mode(sqlite.sqlite_version_info)}")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("PRAGMA foreign_keys=ON")
        self._locked = f"SELECT {', '.join(CaseRow._fields)} FROM cases WHERE id = ?"

    def move(self, move: RawMove) -> None:
        """One durable move."""
        run = self._connection.cursor()
        run.execute("BEGIN IMMEDIATE")
        row = run.execute(self._locked, (move.case_id,)).fetchone()
        hashlib.sha256(row[6].encode() + move.body).hexdigest()
        for statement in move.statements:
            run.executemany(statement.sql, statement.rows)
        run.execute("COMMIT")

    def value(self, value: Any) -> Any:
        """Instants are text."""
        return encode(value) if isinstance(value, datetime) else value


DRIVERS: Mapping[str, Callable[[str], Driver]] = {"postgresql": RawPostgresql, "sqlite": RawSqlite}
