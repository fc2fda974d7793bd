"""Loading what decisions need: case rows under their lock, and the facts that guards name, for many cases at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Case, Link, metadata
from models.database import connection, only_reads
from models.reading import Read, read, read_together
from workflow import directory
from workflow.attempt import Facts
from workflow.incidents.facts import papers_of, reports_of
from workflow.listings.facts import hazards_of, levels_over, notice_taken
from workflow.rounds import facts as rounds
from workflow.rows import CaseRow, DeadlineRow
from workflow.rules import Rules
from workflow.table import M
from workflow.workflows import WORKFLOWS

_CASES = Read("cases", CaseRow._fields, key="id")
_LOCKED = Read(
    "cases", CaseRow._fields, key="id", also=("(SELECT version FROM directory_version)",), order="id", lock=True
)
_PROMISES = Read("deadlines", DeadlineRow._fields, key="case_id", order="id")
_UNITS = Read("organisations", ("id", "kind"), key="id")
_ASKED = Read("extensions", ("case_id", "asked_by"), key="case_id", where="decided_at IS NULL")
_ARRIVED = Read("evidence", ("case_id", "sha256", "cycle"), key="case_id", where="phase = 'after'")


class Locked(NamedTuple):
    """A case nobody else moves before the transaction ends, none if there is none; rules with the directory of now."""

    case: CaseRow | None
    rules: Rules
    deadlines: tuple[DeadlineRow, ...]


def lock_cases(session: Session, rules: Rules, ids: Sequence[str]) -> tuple[dict[str, CaseRow], Rules]:
    """Lock the cases in id order (the first and only lock) and return them, with rules whose directory is of now."""
    rows = read(connection(session), _LOCKED, ids)
    known = rows[0][-1] if rows else rules.directory.version
    return {row[0]: CaseRow(*row[:-1]) for row in rows}, current(session, rules, known)


def lock_case(session: Session, rules: Rules, case_id: str) -> Locked:
    """One case locked, with its promises as they stand under that lock."""
    rows, promises = read_together(connection(session), (_LOCKED, _PROMISES), (case_id,))
    if not rows:
        return Locked(None, rules, ())
    *row, known = rows[0]
    return Locked(CaseRow(*row), current(session, rules, known), tuple(DeadlineRow(*p) for p in promises))


def current(session: Session, rules: Rules, known: int | None) -> Rules:
    """The rules, with the directory read anew if somebody changed it since it was kept."""
    if (known or 0) == rules.directory.version:
        return rules
    return Rules(rules.profile, rules.calendar, directory.load(session))


def read_with_promises(
    session: Session, ids: Sequence[str]
) -> tuple[dict[str, CaseRow], dict[str, tuple[DeadlineRow, ...]]]:
    """The cases, in the order of the ids, and all their promises."""
    rows, promises = read_together(connection(session), (_CASES, _PROMISES), ids)
    cases = {row[0]: CaseRow(*row) for row in rows}
    return {case_id: cases[case_id] for case_id in ids}, _by_case(promises)


def read_cases(session: Session, ids: Sequence[str]) -> dict[str, CaseRow]:
    """The cases without a lock, for reading."""
    return {row[0]: CaseRow(*row) for row in read(connection(session), _CASES, ids)}


def load_facts(
    session: Session,
    cases: Mapping[str, CaseRow],
    moves: Iterable[M],
    data: Mapping[str, Any],
    *,
    deadlines: Mapping[str, tuple[DeadlineRow, ...]] | None = None,
) -> dict[str, Facts]:
    """The facts that the guards of these moves name, for all cases with one query a kind; `deadlines`: known ones."""
    guards = (guard for move in moves for guard in move.guards)
    needed = frozenset().union(*(g.facts for g in guards), *(WORKFLOWS[c.workflow].needs for c in cases.values()))
    deadlines = load_deadlines(session, list(cases)) if deadlines is None else deadlines
    evidence = _evidence(session, cases) if "evidence" in needed else {}
    units = _units(session, data, moves) if "units" in needed else {}
    original = _original(session, data) if "original" in needed else None
    details = _details(session, cases) if "details" in needed else {}
    levels = _levels(session, cases, data) if "levels" in needed else {}
    covered = _covered(session, cases) if "covered" in needed else {}
    uncovered = {c: hazards_of(session, c, kind="uncovered") for c in cases} if "uncovered" in needed else {}
    hazard = _hazard(session, data) if "hazard" in needed else None
    taken = notice_taken(session, data.get("notice_number")) if "notice" in needed else False
    reports = reports_of(session, cases) if "reports" in needed else {}
    papers = papers_of(session, cases) if "papers" in needed else {}
    asked = _asked(session, cases) if "asked" in needed else {}
    return {
        case_id: Facts(
            deadlines.get(case_id, ()), frozenset(evidence.get(case_id, ())), units, original,
            details.get(case_id, {}), covered.get(case_id, {}), levels.get(case_id, frozenset()),
            uncovered.get(case_id, frozenset()), hazard, taken,
            reports=reports.get(case_id, ()), papers=papers.get(case_id, frozenset()),
            asked_by=asked.get(case_id),
            **rounds.loaded(session, cases[case_id], needed, data),
        )
        for case_id in cases
    }  # fmt: skip


def load_deadlines(session: Session, case_ids: Sequence[str]) -> dict[str, tuple[DeadlineRow, ...]]:
    """All deadlines of the cases, ended ones too (rounds are counted over them), oldest first."""
    return _by_case(read(connection(session), _PROMISES, case_ids))


def _by_case(rows: Iterable[Sequence[Any]]) -> dict[str, tuple[DeadlineRow, ...]]:
    found: dict[str, list[DeadlineRow]] = defaultdict(list)
    for row in rows:
        promise = DeadlineRow(*row)
        found[promise.case_id].append(promise)
    return {case_id: tuple(promises) for case_id, promises in found.items()}


def _evidence(session: Session, cases: Mapping[str, CaseRow]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for case_id, sha256, cycle in read(connection(session), _ARRIVED, list(cases)):
        if cycle == cases[case_id].cycle:
            found[case_id].add(sha256)
    return found


def _asked(session: Session, cases: Mapping[str, CaseRow]) -> dict[str, str]:
    """Who asked for more time where that waits to be decided."""
    return dict(map(tuple, read(connection(session), _ASKED, list(cases))))


def _units(session: Session, data: Mapping[str, Any], moves: Iterable[M]) -> dict[str, str]:
    """Kinds of the organisations that the data names; moves say which fields are organisations."""
    names = {field.name for move in moves for field in move.brings if field.kind == "organisation"}
    ids = {data[name] for name in names if data.get(name)}
    if not ids:
        return {}
    return dict(map(tuple, read(connection(session), _UNITS, list(ids))))


def _details(session: Session, cases: Mapping[str, CaseRow]) -> dict[str, Mapping[str, Any]]:
    """Each case's row in its workflow's table of words."""
    found: dict[str, Mapping[str, Any]] = {}
    for name in {case.workflow for case in cases.values()}:
        table = metadata.tables[WORKFLOWS[name].details]
        mine = [case.id for case in cases.values() if case.workflow == name]
        rows = session.execute(select(table).where(table.c.case_id.in_(mine))).mappings()
        found.update((row["case_id"], dict(row)) for row in rows)
    return found


def _covered(session: Session, cases: Mapping[str, CaseRow]) -> dict[str, dict[str, str]]:
    """The states of the cases that each case covers; nobody moves them before this transaction, if it writes, ends."""
    covered = (
        select(Link.from_id, Case.id, Case.state)
        .join(Case, Case.id == Link.to_id)
        .where(Link.from_id.in_(cases), Link.kind == "covers")
        .order_by(Case.id)
    )
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for from_id, case_id, state in session.execute(
        covered if only_reads(session) else covered.with_for_update(of=Case, read=True)
    ):
        found[from_id][case_id] = state
    return found


def _levels(session: Session, cases: Mapping[str, CaseRow], data: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Levels of the other listings over what each case covers, or over the one hazard that the data names."""
    named = {data["hazard_id"]} if data.get("hazard_id") else None
    return {
        case_id: levels_over(session, named or hazards_of(session, case_id, kind="covers"), besides=case_id)
        for case_id in cases
    }


def _hazard(session: Session, data: Mapping[str, Any]) -> CaseRow | None:
    named = data.get("hazard_id")
    return read_cases(session, [named]).get(named) if named else None


def _original(session: Session, data: Mapping[str, Any]) -> str | None:
    twin = data.get("duplicate_of")
    return session.scalar(select(Case.state).where(Case.id == twin)) if twin else None
