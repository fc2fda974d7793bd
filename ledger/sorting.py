"""The rows of a ledger sorted out: which become cases, which were known, which are problems, and why (台账分拣)."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ledger.deadlines import Kind
from ledger.import_faults import FAULTS
from ledger.matching import Standing, Unknown, belongings
from ledger.paper import Paper
from ledger.records import Problem, Row
from ledger.times import BeyondCalendar, Times, times
from models import Case
from workflow.arithmetic import SHANGHAI
from workflow.places import held
from workflow.rules import Rules

KEYS_AT_ONCE = 5_000
OUR_NUMBER = re.compile(r"[A-Z]{2}-\d{4}-\d{6}")


@dataclass(frozen=True, slots=True)
class Dated:
    """A row whose days could be counted."""

    row: Row
    when: Times


@dataclass(frozen=True, slots=True)
class Ready:
    """A row that becomes a case: where it belongs, and its key in the district."""

    row: Row
    when: Times
    where: Standing
    key: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """The rows of a ledger sorted out against a district: those to write, how many were known, and all problems."""

    district_id: str
    ready: tuple[Ready, ...]
    known: int
    problems: tuple[Problem, ...]


def dated(paper: Paper, rules: Rules, now: datetime) -> tuple[list[Dated], tuple[Problem, ...]]:
    """The rows with their instants, and the problems so far: those of reading, and days beyond the calendar."""
    today = now.astimezone(SHANGHAI).date()
    found, problems = [], list(paper.reading.problems)
    for row in paper.reading.rows:
        if row.found_day and row.found_day > today:
            problems.append(paper.problem(row, [(FAULTS["FoundInFuture"], "found", row.found_text)]))
            row = _not_found_yet(row)
        try:
            when = times(row, rules, stated_on=paper.stated_on.get(row.sheet), today=today)
        except BeyondCalendar:
            problems.append(paper.problem(row, [(FAULTS["BeyondCalendar"], "deadline", row.deadline_text)]))
            continue
        if row.finished and row.finished_on and row.finished_on > today:
            problems.append(paper.problem(row, [(FAULTS["FinishedInFuture"], "finished_on", str(row.finished_on))]))
            row, when = replace(row, finished=False), replace(when, finished_at=None)
        found.append(Dated(row, when))
    return found, tuple(problems)


def _not_found_yet(row: Row) -> Row:
    """The row without a day of finding that nobody can have seen, and without a deadline that is that very day."""
    spot = row.deadline.kind is Kind.ON_THE_SPOT
    return replace(row, found_day=None, deadline=replace(row.deadline, day=None) if spot else row.deadline)


def sorted_out(
    session: Session, paper: Paper, rows: Sequence[Dated], district_id: str, *, unknown: Unknown, now: datetime
) -> Sorted:
    """The dated rows against what the district holds; makes places and units where `unknown` says so."""
    # Two imports of one file at once: the second waits here, and then finds everything known.
    held(session, district_id)
    keys = {each.row.key: _key(district_id, each.row) for each in rows}
    known = _among(session, Case.import_key, list(keys.values()))
    # What we exported comes back with our own numbers.
    numbers = [each.row.number for each in rows if OUR_NUMBER.fullmatch(each.row.number)]
    ours = _among(session, Case.number, numbers, Case.district_id == district_id)
    fresh = [each for each in rows if keys[each.row.key] not in known and each.row.number not in ours]
    matched = belongings(session, district_id, [each.row for each in fresh], unknown=unknown, now=now)
    ready = (
        Ready(each.row, each.when, where, keys[each.row.key])
        for each in fresh
        if (where := matched.standings.get(each.row.key))
    )
    refused = (paper.problem(each.row, why) for each in fresh if (why := matched.faults.get(each.row.key)))
    return Sorted(district_id, tuple(ready), len(rows) - len(fresh), tuple(refused))


def _key(district_id: str, row: Row) -> str:
    """Two districts may have found the same words; each keeps its own."""
    return hashlib.sha256(f"{district_id}:{row.key}".encode()).hexdigest()


def _among(
    session: Session, column: InstrumentedAttribute[Any], values: Sequence[str], *where: ColumnElement[bool]
) -> set[str]:
    """Those of the values that cases have in the column."""
    found: set[str] = set()
    for start in range(0, len(values), KEYS_AT_ONCE):
        found.update(session.scalars(select(column).where(column.in_(values[start : start + KEYS_AT_ONCE]), *where)))
    return found
