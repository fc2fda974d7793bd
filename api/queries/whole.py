"""Reading whole cases (事项) of any workflow: what every page of one shows, in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api import problems
from api.instants import due_day
from api.queries import acts, evidence, ledger
from api.queries.names import organisation_names, person_names
from api.shapes.common import named
from api.shapes.whole import Brought, ExitShown, ExtensionShown, LinkShown, Moved, SubmissionShown
from models import Case, Extension, Link, Submission
from workflow.actor import Actor
from workflow.exits import Exit, exits
from workflow.facts import Wanted, load_facts
from workflow.rows import CaseRow
from workflow.rules import Rules
from workflow.table import Workflow
from workflow.visible import visible_to
from workflow.workflows import WORKFLOWS

STANDS = ("id", "number", "version", "state", "overdue_since", "next_due_at")
LINE = (*STANDS, "level", "sector", "title", "opened_at")
WHOLE = (*LINE, "cycle", "submitted_at", "rejections", "verified_at", "closed_at")
ORGANISATIONS = {
    "district": "district_id", "town": "town_id", "village": "village_id", "enterprise": "enterprise_id",
    "responsible": "responsible_org_id", "lead": "lead_org_id", "lister": "lister_org_id",
}  # fmt: skip
PEOPLE = {
    "opened_by": "opened_by", "submitted_by": "submitted_by", "verified_by": "verified_by",
    "second_officer": "second_officer", "closed_by": "closed_by", "sponsor": "sponsor_id",
}  # fmt: skip


def line(row: ledger.Line) -> dict[str, Any]:
    """A row of `ledger.case_lines` as members of a `CaseLine`."""
    case = row.Case
    names = {case.town_id: row.town, case.enterprise_id: row.enterprise, case.responsible_org_id: row.responsible}
    units = {k: named(names, getattr(case, ORGANISATIONS[k])) for k in ("town", "enterprise", "responsible")}
    return same(case, LINE) | _stands(case) | units


def moved(case: CaseRow, *, lacks: list[str] | None = None) -> Moved:
    """Where a case stands after a move; `lacks`: of an incident, what nobody knows yet."""
    return Moved.model_validate(same(case, STANDS) | _stands(case) | {"lacks": lacks})


def common(session: Session, rules: Rules, case: CaseRow, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The members of a `CaseShown`: all that any workflow's page shows, with the exits this person has now."""
    submissions = _rows(session, Submission, case.id)
    extensions = _rows(session, Extension, case.id)
    organisations = organisation_names(session, [getattr(case, column) for column in ORGANISATIONS.values()])
    doing = [getattr(case, column) for column in PEOPLE.values()]
    people = person_names(session, [*doing, *_named_in(submissions, extensions)])
    return (
        same(case, WHOLE)
        | _stands(case)
        | {name: named(organisations, getattr(case, column)) for name, column in ORGANISATIONS.items()}
        | {name: named(people, getattr(case, column)) for name, column in PEOPLE.items()}
        | {
            "extension_to_day": due_day(case.extension_to),
            "exits": _exits(session, rules, case, actor=actor, now=now),
            "submissions": [_submission(row, people) for row in submissions],
            "extensions": [_extension(row, people) for row in extensions],
            "acts": acts.of_case(session, case.id, actor),
            "evidence": evidence.of_case(session, case.id),
            "links": _links(session, case.id, actor),
        }
    )


def words(session: Session, case: CaseRow, table: Any) -> Any:
    """The case's row in its workflow's own table."""
    return session.execute(select(table).where(table.case_id == case.id)).scalar_one()


def same(row: object, names: Sequence[str]) -> dict[str, Any]:
    """These attributes under their own names."""
    return {name: getattr(row, name) for name in names}


def yuan(fen: int) -> str:
    """An amount as pages show it."""
    return f"{fen // 100}.{fen % 100:02d}"


def _stands(case: Any) -> dict[str, Any]:
    table = WORKFLOWS[case.workflow]
    return {
        "state_label": table.states[case.state],
        "level_label": table.levels[case.level],
        "next_due_day": due_day(case.next_due_at),
    }


def _rows(session: Session, table: Any, case_id: str) -> Sequence[Any]:
    return session.scalars(select(table).where(table.case_id == case_id).order_by(table.number)).all()


def _named_in(submissions: Sequence[Submission], extensions: Sequence[Extension]) -> list[str | None]:
    return [*(s.submitted_by for s in submissions), *(p for e in extensions for p in (e.asked_by, e.decided_by))]


def _submission(row: Submission, people: Mapping[str, str]) -> SubmissionShown:
    alike = ("number", "cycle", "submitted_at", "measures", "area_m2", "outcome", "judged_at", "note")
    own = {
        "submitted_by": named(people, row.submitted_by),
        "money_yuan": yuan(row.money_fen),
        "evidence": row.evidence.split(),
    }
    return SubmissionShown.model_validate(same(row, alike) | own)


def _extension(row: Extension, people: Mapping[str, str]) -> ExtensionShown:
    alike = ("number", "asked_at", "reason", "control_measures", "outcome", "decided_at", "note")
    own = {
        "asked_by": named(people, row.asked_by),
        "decided_by": named(people, row.decided_by),
        "from_day": due_day(row.from_due_at),
        "to_day": due_day(row.to_due_at),
    }
    return ExtensionShown.model_validate(same(row, alike) | own)


def _exits(session: Session, rules: Rules, case: CaseRow, *, actor: Actor, now: datetime) -> list[ExitShown]:
    table = WORKFLOWS[case.workflow]
    moves = list(table.moves_from(case.state))
    facts = load_facts(Wanted(session, {case.id: case}, moves, {}))[case.id]
    return [_exit(found, table) for found in exits(case, facts, rules, actor=actor, now=now)]


def _exit(found: Exit, table: Workflow) -> ExitShown:
    return ExitShown(
        trigger=found.trigger,
        label=found.label,
        to=found.to,
        to_label=table.states[found.to] if found.to else None,
        brings=[Brought.model_validate(same(f, tuple(Brought.model_fields))) for f in found.brings],
        refusals=[problems.Problem.model_validate(problems.plain(refusal)) for refusal in found.refusals],
    )


def _links(session: Session, case_id: str, actor: Actor) -> list[LinkShown]:
    """Ties to other cases, of which only those show that the actor may see."""
    tied = select(Link, Case.id, Case.number, Case.state).join(
        Case, or_(Case.id == Link.to_id, Case.id == Link.from_id)
    )
    mine = tied.where(or_(Link.from_id == case_id, Link.to_id == case_id), Case.id != case_id, visible_to(actor))
    rows = session.execute(mine.order_by(Link.created_at, Case.id))
    return [LinkShown(id=row.id, number=row.number, state=row.state, kind=row.Link.kind) for row in rows]
