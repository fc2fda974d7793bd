"""Facts (依据): what guards know beyond the case row, loaded for many cases with one query a kind, by one table."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Case, Link, metadata
from models.database import connection, only_reads
from models.reading import Ask, Read, Rows, read
from workflow.attempt import Facts, Unit
from workflow.incidents.facts import papers_of, reports_of
from workflow.listings.facts import Covered, hazards_of, levels_over, notice_taken
from workflow.load import load_deadlines, read_cases
from workflow.rounds import facts as rounds
from workflow.rows import NOTHING, CaseRow, DeadlineRow
from workflow.table import M
from workflow.workflows import WORKFLOWS

_UNITS = Read("organisations", ("id", *Unit._fields), key="id")
_ASKED = Read("extensions", ("case_id", "asked_by"), key="case_id", where="decided_at IS NULL")
_ARRIVED = Read("evidence", ("case_id", "sha256", "cycle"), key="case_id", where="phase = 'after'")


class Wanted(NamedTuple):
    """For which cases and moves, with what data; `found`: rows that were read with the lock."""

    session: Session
    cases: Mapping[str, CaseRow]
    moves: Collection[M]
    data: Mapping[str, Any]
    found: Mapping[str, Rows] = NOTHING

    def rows(self, fact: str) -> Rows:
        """What the query of `ASKS` finds, if it was not found already."""
        if fact in self.found:
            return self.found[fact]
        query, keys = ASKS[fact](list(self.cases), self.moves, self.data)
        return read(connection(self.session), query, keys) if keys else ()


def load_facts(wanted: Wanted, *, deadlines: Mapping[str, tuple[DeadlineRow, ...]] | None = None) -> dict[str, Facts]:
    """The facts that the guards of these moves name, for each case; `deadlines`: where they are known already."""
    cases = wanted.cases
    needed = {fact for move in wanted.moves for guard in move.guards for fact in guard.facts}
    needed.update(*(WORKFLOWS[case.workflow].needs for case in cases.values()))
    if deadlines is None:
        deadlines = load_deadlines(wanted.session, list(cases))
    shared = {fact: load(wanted) for fact, load in SHARED.items() if fact in needed}
    each = {fact: load(wanted) for fact, load in EACH.items() if fact in needed}
    return {
        case_id: Facts(
            deadlines.get(case_id, ()),
            **shared,
            **{fact: found[case_id] for fact, found in each.items() if case_id in found},
            **rounds.loaded(wanted.session, case, needed, wanted.data),
        )
        for case_id, case in cases.items()
    }


def foreseen(case_id: str, trigger: str, data: Mapping[str, Any]) -> dict[str, Ask]:
    """What a move of this name may need in any workflow, so that it is asked in one round trip with the lock."""
    asks = {fact: ASKS[fact]((case_id,), _moves(trigger), data) for fact in _askable(trigger)}
    return {fact: ask for fact, ask in asks.items() if ask[1]}


@cache
def _moves(trigger: str) -> tuple[M, ...]:
    return tuple(move for table in WORKFLOWS.values() for move in table.by_trigger.get(trigger, ()))


@cache
def _askable(trigger: str) -> tuple[str, ...]:
    named = {fact for move in _moves(trigger) for guard in move.guards for fact in guard.facts}
    return tuple(fact for fact in ASKS if fact in named)


def _evidence(wanted: Wanted) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for case_id, sha256, cycle in wanted.rows("evidence"):
        if cycle == wanted.cases[case_id].cycle:
            found[case_id].add(sha256)
    return {case_id: frozenset(arrived) for case_id, arrived in found.items()}


def _named(moves: Collection[M], data: Mapping[str, Any]) -> Sequence[str]:
    """The organisations that the data names; moves say which fields are organisations."""
    names = {field.name for move in moves for field in move.brings if field.kind == "organisation"}
    return sorted({data[name] for name in names if data.get(name)})


def _details(wanted: Wanted) -> dict[str, Mapping[str, Any]]:
    """Each case's row in its workflow's table of words."""
    found: dict[str, Mapping[str, Any]] = {}
    for name in {case.workflow for case in wanted.cases.values()}:
        table = metadata.tables[WORKFLOWS[name].details]
        mine = [case.id for case in wanted.cases.values() if case.workflow == name]
        rows = wanted.session.execute(select(table).where(table.c.case_id.in_(mine))).mappings()
        found.update((row["case_id"], dict(row)) for row in rows)
    return found


def _covered(wanted: Wanted) -> dict[str, dict[str, Covered]]:
    """What each case covers; nobody moves that before this transaction, if it writes, ends."""
    covered = (
        select(Link.from_id, Case.id, Case.number, Case.state)
        .join(Case, Case.id == Link.to_id)
        .where(Link.from_id.in_(wanted.cases), Link.kind == "covers")
        .order_by(Case.id)
    )
    found: dict[str, dict[str, Covered]] = defaultdict(dict)
    for from_id, case_id, number, state in wanted.session.execute(
        covered if only_reads(wanted.session) else covered.with_for_update(of=Case, read=True)
    ):
        found[from_id][case_id] = Covered(number, state)
    return found


def _levels(wanted: Wanted) -> dict[str, frozenset[str]]:
    """Levels of the other listings over what each case covers, or over the one hazard that the data names."""
    session, named = wanted.session, wanted.data.get("hazard_id")
    return {
        case_id: levels_over(
            session, {named} if named else hazards_of(session, case_id, kind="covers"), besides=case_id
        )
        for case_id in wanted.cases
    }


def _uncovered(wanted: Wanted) -> dict[str, frozenset[str]]:
    return {case_id: hazards_of(wanted.session, case_id, kind="uncovered") for case_id in wanted.cases}


def _case_in(field: str) -> Callable[[Wanted], CaseRow | None]:
    """The case that the data names in this field."""

    def loaded(wanted: Wanted) -> CaseRow | None:
        named = wanted.data.get(field)
        return read_cases(wanted.session, [named]).get(named) if named else None

    return loaded


# Facts of `Facts` that one query by keys known before the lock tells, and what it is asked with.
ASKS: Mapping[str, Callable[[Sequence[str], Collection[M], Mapping[str, Any]], Ask]] = {
    "evidence": lambda ids, _moves, _data: (_ARRIVED, ids),
    "asked_by": lambda ids, _moves, _data: (_ASKED, ids),
    "units": lambda _ids, moves, data: (_UNITS, _named(moves, data)),
}
# The same for all cases, and by case; loaded in this order, in which rows are locked too.
SHARED: Mapping[str, Callable[[Wanted], Any]] = {
    "units": lambda wanted: {unit_id: Unit(*words) for unit_id, *words in wanted.rows("units")},
    "original": _case_in("duplicate_of"),
    "hazard": _case_in("hazard_id"),
    "notice_taken": lambda wanted: notice_taken(wanted.session, wanted.data.get("notice_number")),
}
EACH: Mapping[str, Callable[[Wanted], Mapping[str, Any]]] = {
    "evidence": _evidence,
    "asked_by": lambda wanted: dict(map(tuple, wanted.rows("asked_by"))),
    "details": _details,
    "levels": _levels,
    "covered": _covered,
    "uncovered": _uncovered,
    "reports": lambda wanted: reports_of(wanted.session, wanted.cases),
    "papers": lambda wanted: papers_of(wanted.session, wanted.cases),
}
