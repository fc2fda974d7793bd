"""Verify histories (核验流转记录): every chain is worked out anew over the exact stored text, page by page."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Column, Row, func, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from models import Case, Event, metadata
from models.database import connection
from models.instant import encode
from workflow.history import GENESIS, link

PAGE = 500

# fmt: off
WHY: Mapping[str, str] = {
    "gap":     "流转记录序号不连续，有缺号或重号",
    "hash":    "流转记录的哈希与正文不符，正文或前一条被改过",
    "columns": "流转记录的查询列与正文不一致",
    "version": "版本号与流转次数不符",
    "length":  "事项登记的记录条数与实有条数不符，末尾被截去或添加",
    "head":    "事项登记的末条哈希与末条记录不符",
    "state":   "事项的状态与末次流转不符",
    "orphan":  "事项已不存在，却还留有它的记录",
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Break:
    """The first thing wrong with one case: `seq` is the event's (none: the case row's), `why` a key of `WHY`.

    Of an orphan, `tables` are those that still have rows of it.
    """

    case_id: str
    number: str | None
    seq: int | None
    why: str
    tables: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """The Chinese sentence for the report."""
        return WHY[self.why] + (f"：{'、'.join(self.tables)}" if self.tables else "")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, how many cases are broken, and the first breaks in order of case id, at most `cap`."""

    cases: int
    events: int
    broken: int
    breaks: tuple[Break, ...]

    @property
    def sound(self) -> bool:
        """Whether every chain is whole."""
        return self.broken == 0


def verify(session: Session, *, cap: int = 100) -> Verdict:
    """Check every case and every event; moves may go on meanwhile, for each page is one statement and so one instant.

    It can't see a case that vanished with all its events, nor a history rewritten from its first line: `anchor` does.
    """
    cases = events = broken = 0
    breaks: list[Break] = []
    with _any_bytes(session):
        for case, lines in _histories(session):
            cases += 1
            events += len(lines)
            if found := _first_break(case, lines):
                broken += 1
                breaks = [*breaks, found][:cap]
        orphans = _orphans(session)
    left = (Break(case_id, None, None, "orphan", tuple(rows)) for case_id, rows in orphans.items())
    breaks = sorted((*breaks, *left), key=lambda found: found.case_id)
    events += sum(rows.get(Event.__tablename__, 0) for rows in orphans.values())
    return Verdict(cases, events, broken + len(orphans), tuple(breaks[:cap]))


@contextmanager
def _any_bytes(session: Session) -> Iterator[None]:
    """Let SQLite hand out bytes that are no text: whoever wrote them is to be named, not to stop the reading."""
    driver: Any = connection(session).connection.driver_connection
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    before, driver.text_factory = driver.text_factory, lambda raw: raw.decode(errors="surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = before


def _histories(session: Session) -> Iterator[tuple[Row[Any], list[Row[Any]]]]:
    """Every case in order of id with its events in order of seq."""
    last = ""
    while True:
        page = _CASE.where(Case.id > last).order_by(Case.id).limit(PAGE).subquery()
        joined = select(page, *_EVENT).outerjoin(Event, Event.case_id == page.c.id).order_by(page.c.id, Event.seq)
        rows = session.execute(joined).all()
        if not rows:
            return
        for _, group in groupby(rows, key=lambda row: row.id):
            lines = list(group)
            yield lines[0], [line for line in lines if line.seq is not None]
        last = rows[-1].id


# The case's own columns have names of their own: both tables have a `seq` and a `version`.
_CASE = select(
    Case.id, Case.number, Case.state, Case.head, Case.seq.label("length"), Case.version.label("moved")
)  # fmt: skip
# The instant as it lies there: SQLite may hold any text in its place.
_AT = type_coerce(Event.at, NullType()).label("at")
_EVENT = (
    *(Event.case_id, Event.seq, _AT, Event.kind, Event.trigger, Event.actor_id, Event.version, Event.body, Event.hash),
)


def _first_break(case: Row[Any], lines: Sequence[Row[Any]]) -> Break | None:
    head, moves, state = GENESIS, 0, ""
    for place, line in enumerate(lines, start=1):
        said = _said(line.body)
        moves += line.kind == "move"
        if why := _wrong(line, said, place=place, head=head, moves=moves):
            return Break(case.id, case.number, line.seq, why)
        head = line.hash
        state = said.get("to", state)
    if why := _wrong_row(case, len(lines), head=head, moves=moves, state=state):
        return Break(case.id, case.number, None, why)
    return None


def _wrong(line: Row[Any], said: Mapping[str, Any], *, place: int, head: str, moves: int) -> str | None:
    if line.seq != place:
        return "gap"
    if line.hash != _link(head, line.body):
        return "hash"
    if any(getattr(line, column) != said.get(name) for name, column in REPEATED) or not _same_instant(line.at, said):
        return "columns"
    return None if line.version == moves else "version"


def _link(head: str, body: str) -> str | None:
    try:
        return link(head, body)
    except UnicodeEncodeError:
        return None


def _wrong_row(case: Row[Any], length: int, *, head: str, moves: int, state: str) -> str | None:
    if case.length != length:
        return "length"
    if case.head != head:
        return "head"
    if case.moved != moves:
        return "version"
    return None if case.state == state else "state"


# What the columns only repeat, for queries: name in the body, name of the column.
REPEATED = (
    ("case", "case_id"), ("seq", "seq"), ("kind", "kind"), ("trigger", "trigger"), ("actor", "actor_id"),
    ("version", "version"),
)  # fmt: skip


def _same_instant(stored: object, said: Mapping[str, Any]) -> bool:
    try:
        at = datetime.fromisoformat(str(said.get("at")))
        return stored == (encode(at) if isinstance(stored, str) else at)
    except ValueError:
        return False


def _said(body: str) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _orphans(session: Session) -> Mapping[str, Mapping[str, int]]:
    """Cases of which only other rows are left, how many in which table: keys bar it, but tools go round them."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for key in _KEYS:
        left = select(key, func.count()).outerjoin(Case, Case.id == key).where(key.is_not(None), Case.id.is_(None))
        for case_id, count in session.execute(left.group_by(key)):
            found[case_id][key.table.name] = count
    return found


_CASE_ID = Case.__table__.c.id
# Every column of another table that names a case.
_KEYS: tuple[Column[Any], ...] = tuple(
    column
    for table in metadata.sorted_tables
    for column in table.columns
    if column.name == "case_id"
    or (table is not Case.__table__ and any(key.column is _CASE_ID for key in column.foreign_keys))
)
