"""Loading what decisions need: case rows under their lock, and the facts that guards name, for many cases at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Case, Deadline, DirectoryVersion, Evidence, Organisation
from workflow import directory
from workflow.attempt import Facts
from workflow.rows import CaseRow, DeadlineRow
from workflow.rules import Rules
from workflow.table import M
from workflow.write import CASE_COLUMNS

DEADLINE_COLUMNS = tuple(f.name for f in fields(DeadlineRow))
_CASE = [Case.__table__.c[name] for name in CASE_COLUMNS]
_DEADLINE = [Deadline.__table__.c[name] for name in DEADLINE_COLUMNS]
_DIRECTORY = select(DirectoryVersion.version).scalar_subquery()
_LOCKED = select(*_CASE, _DIRECTORY).order_by(Case.id).with_for_update(of=Case)


def lock_cases(session: Session, rules: Rules, ids: Sequence[str]) -> tuple[dict[str, CaseRow], Rules]:
    """Lock the cases in id order (the first and only lock) and return them, with rules whose directory is of now."""
    rows = session.execute(_LOCKED.where(Case.id.in_(ids))).all()
    known = rows[0][-1] if rows else rules.directory.version
    return {row.id: CaseRow(*row[:-1]) for row in rows}, current(session, rules, known)


def current(session: Session, rules: Rules, known: int | None) -> Rules:
    """The rules, with the directory read anew if somebody changed it since it was kept."""
    if (known or 0) == rules.directory.version:
        return rules
    return Rules(rules.profile, rules.calendar, directory.load(session))


def read_cases(session: Session, ids: Sequence[str]) -> dict[str, CaseRow]:
    """The cases without a lock, for reading."""
    rows = session.execute(select(*_CASE).where(Case.id.in_(ids)))
    return {row.id: CaseRow(*row) for row in rows}


def load_facts(
    session: Session, cases: Mapping[str, CaseRow], moves: Iterable[M], data: Mapping[str, Any]
) -> dict[str, Facts]:
    """The facts that the guards of these moves name, for all cases with one query a kind."""
    needed = {fact for move in moves for guard in move.guards for fact in guard.facts}
    deadlines = load_deadlines(session, list(cases))
    evidence = _evidence(session, cases) if "evidence" in needed else {}
    units = _units(session, data, moves) if "units" in needed else {}
    original = _original(session, data) if "original" in needed else None
    return {
        case_id: Facts(deadlines.get(case_id, ()), frozenset(evidence.get(case_id, ())), units, original)
        for case_id in cases
    }


def load_deadlines(session: Session, case_ids: Sequence[str]) -> dict[str, tuple[DeadlineRow, ...]]:
    """All deadlines of the cases, ended ones too (rounds are counted over them), oldest first."""
    found: dict[str, list[DeadlineRow]] = defaultdict(list)
    for row in session.execute(select(*_DEADLINE).where(Deadline.case_id.in_(case_ids)).order_by(Deadline.id)):
        found[row.case_id].append(DeadlineRow(*row))
    return {case_id: tuple(rows) for case_id, rows in found.items()}


def _evidence(session: Session, cases: Mapping[str, CaseRow]) -> dict[str, set[str]]:
    rows = select(Evidence.case_id, Evidence.sha256, Evidence.cycle).where(
        Evidence.case_id.in_(list(cases)), Evidence.phase == "after"
    )
    found: dict[str, set[str]] = defaultdict(set)
    for case_id, sha256, cycle in session.execute(rows):
        if cycle == cases[case_id].cycle:
            found[case_id].add(sha256)
    return found


def _units(session: Session, data: Mapping[str, Any], moves: Iterable[M]) -> dict[str, str]:
    """Kinds of the organisations that the data names; moves say which fields are organisations."""
    names = {field.name for move in moves for field in move.brings if field.kind == "organisation"}
    ids = {data[name] for name in names if data.get(name)}
    if not ids:
        return {}
    rows = session.execute(select(Organisation.id, Organisation.kind).where(Organisation.id.in_(ids)))
    return {row.id: row.kind for row in rows}


def _original(session: Session, data: Mapping[str, Any]) -> str | None:
    twin = data.get("duplicate_of")
    return session.scalar(select(Case.state).where(Case.id == twin)) if twin else None
