"""A ledger of any size, made by the database itself: cases, a waiting rung for each, and the dashboard's counters."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from bench.places import analyse
from bench.stage import Stage
from models import metadata
from workflow.tallies import CELL

CASES_AN_ENTERPRISE = 50
TABLES = ("organisations", "cases", "deadlines", "rungs")

# What the two databases say differently.
WORDS: Mapping[str, Mapping[str, str]] = {
    "postgresql": {
        "series": "SELECT g FROM generate_series(0, :cases - 1) AS s(g)",
        "id": "lpad(to_hex({}), 32, '0')",
        "opened": "timestamptz '2026-01-01 00:00:00Z' + g * interval '1 second'",
        "due": "timestamptz '2030-01-01 00:00:00Z' + g * interval '1 second'",
        "month": "'2026-01'",
        "false": "false",
    },
    "sqlite": {
        "series": "WITH RECURSIVE s(g) AS (VALUES (0) UNION ALL SELECT g + 1 FROM s WHERE g + 1 < :cases) "
        "SELECT g FROM s",
        "id": "printf('%032x', {})",
        "opened": "strftime('%Y-%m-%d %H:%M:%S.000000', '2026-01-01', '+' || g || ' seconds')",
        "due": "strftime('%Y-%m-%d %H:%M:%S.000000', '2030-01-01', '+' || g || ' seconds')",
        "month": "'2026-01'",
        "false": "0",
    },
}
# Every tenth of the ledger: six closed, then one in each of four states.
STATE = "CASE WHEN k < 6 THEN 'closed' WHEN k = 6 THEN 'discovered' WHEN k = 7 THEN 'assigned' " \
        "WHEN k = 8 THEN 'rectifying' ELSE 'submitted' END"  # fmt: skip


def flood(engine: Engine, stage: Stage, cases: int) -> None:
    """Fill a built stage with `cases` hazards, each with one promise that waits; indexes are made afterwards."""
    units = max(len(stage.towns), cases // CASES_AN_ENTERPRISE // len(stage.towns) * len(stage.towns))
    given = {"cases": cases, "units": units, "district": stage.district}
    with engine.connect() as connection, connection.begin(), _unguarded(connection), _bare(connection):
        _name(connection, stage, units)
        for statement in _statements(connection.dialect.name):
            named = {name: value for name, value in given.items() if f":{name}" in statement}
            connection.execute(text(statement), named)
    analyse(engine)


def _name(connection: Connection, stage: Stage, units: int) -> None:
    """Number the towns and enterprises; those beyond the stage's own get ids of their own."""
    connection.exec_driver_sql("CREATE TEMPORARY TABLE units (n INTEGER PRIMARY KEY, id TEXT, town_id TEXT)")
    own = len(stage.enterprises)
    rows = [
        {"n": n, "id": stage.enterprises[n] if n < own else f"{n:032x}", "town_id": stage.towns[n % len(stage.towns)]}
        for n in range(units)
    ]
    connection.execute(text("INSERT INTO units VALUES (:n, :id, :town_id)"), rows)


def _statements(kind: str) -> Iterator[str]:
    word = WORDS[kind]
    id_of = word["id"].format
    yield (
        "INSERT INTO organisations (id, kind, name, parent_id, district_id, town_id, unconfirmed, created_at) "
        f"SELECT id, 'enterprise', '企业' || n, town_id, :district, town_id, {word['false']}, "
        f"{word['opened'].replace('g *', '0 *').replace('|| g ||', '|| 0 ||')} FROM units "
        "WHERE id NOT IN (SELECT id FROM organisations)"
    )
    yield (
        "INSERT INTO cases (id, number, workflow, state, version, seq, head, cycle, message_no, level, title, "
        "district_id, town_id, enterprise_id, responsible_org_id, opened_at, opened_by, opened_by_org, submitted_by, "
        "submission_no, evidence_count, rejections, verified_by, closed_at, closed_by, next_due_at, overdue_since) "
        f"SELECT {id_of('g')}, 'HZ-2026-' || g, 'hazard', {STATE}, 1, 1, '', 1, 0, 'general', '安全出口被杂物堵塞', "
        f":district, u.town_id, u.id, u.id, {word['opened']}, 'opener', 'bureau', 'a', 1, 1, 0, 'b', "
        f"CASE WHEN k < 6 THEN {word['opened']} END, CASE WHEN k < 6 THEN 'c' END, "
        f"CASE WHEN k >= 6 THEN {word['due']} END, CASE WHEN k = 8 THEN {word['opened']} END "
        f"FROM (SELECT g, (g / :units) % 10 AS k, g % :units AS n FROM ({word['series']}) AS s) AS numbered "
        "JOIN units AS u ON u.n = numbered.n"
    )
    yield (
        "INSERT INTO deadlines (id, case_id, name, cycle, round, anchor_at, unit, source, assumed, calendar, "
        f"provisional, due_at, first_due_at, moves) SELECT {id_of('g')}, {id_of('g')}, 'rectify', 1, 1, "
        f"{word['opened']}, 'natural_day', '', {word['false']}, '', {word['false']}, {word['due']}, {word['due']}, 0 "
        f"FROM ({word['series']}) AS s"
    )
    yield (
        "INSERT INTO rungs (deadline_id, move, name, case_id, due_at, wake_at, attempts) "
        f"SELECT {id_of('g')}, 0, 'breach', {id_of('g')}, {word['due']}, {word['due']}, 0 FROM ({word['series']}) AS s"
    )
    cells = ", ".join(("district_id", "town_id", "''", word["month"], "level", "state"))
    overdue = "CASE WHEN overdue_since IS NULL THEN 0 ELSE 1 END"
    yield (
        f"INSERT INTO tallies ({', '.join(CELL)}, n) SELECT {cells}, {overdue}, count(*) FROM cases "
        f"GROUP BY district_id, town_id, level, state, {overdue}"
    )


@contextmanager
def _unguarded(connection: Connection) -> Iterator[None]:
    """Foreign keys hold by construction; looking up a million of them would only take time."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    yield


@contextmanager
def _bare(connection: Connection) -> Iterator[None]:
    """Rows go in faster without indexes; they are made once at the end."""
    indexes = [index for name in TABLES for index in metadata.tables[name].indexes]
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)
