"""Opening cases (立项): whatever is found, proposed or received becomes a case with its first deadlines armed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from models.ids import new_id
from workflow import clocks, keeping, load, messages, numbers
from workflow import directory as who
from workflow import refusals as no
from workflow.actor import Actor
from workflow.arithmetic import said
from workflow.clocks import Named, Turn
from workflow.decide import Draft
from workflow.decision import Decision
from workflow.history import GENESIS
from workflow.messages import Telling
from workflow.roles import LABELS
from workflow.rows import CaseRow, changed
from workflow.rules import Rules
from workflow.table import Workflow
from workflow.texts import one_line
from workflow.workflows import WORKFLOWS
from workflow.write import write


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A case about to be opened: columns of `cases`, the words of its own table, what is said of its deadlines.

    `rows`: more rows as (table, row), given the case's id; `sealed`: words that the history and messages leave out;
    `past`: by its field, what is said to have happened already; `detail`: more words for the first message.
    """

    workflow: str
    level: str
    title: str
    case: Mapping[str, Any]
    details: Mapping[str, Any]
    named: Mapping[str, Named] = field(default_factory=dict)
    rows: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    sealed: frozenset[str] = frozenset()
    past: Mapping[str, datetime | None] = field(default_factory=dict)
    detail: str = ""


class Opens(Protocol):
    """What somebody wrote down; `opening` says what case that makes."""

    def opening(self) -> Opening: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHazard:
    """What an inspector writes down about one hazard; places are organisation ids of the fixed levels."""

    description: str
    district_id: str
    found_at: datetime
    level: str = "general"
    town_id: str | None = None
    village_id: str | None = None
    enterprise_id: str | None = None
    lead_org_id: str | None = None
    sector: str | None = None
    visit_id: str | None = None
    location: str | None = None
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    source: str | None = None
    finder: str | None = None
    remark: str | None = None
    withheld: str | None = None

    def opening(self) -> Opening:
        """The case that one hazard makes."""
        return Opening(
            workflow="hazard",
            level=self.level,
            title=self.description,
            case={name: getattr(self, name) for name in STANDS},
            details={name: getattr(self, name) for name in WORDS},
            # Counted from the discovery, not from the typing.
            named={"assign": Named(anchor_at=self.found_at)},
            sealed=frozenset({"withheld"}),
        )


STANDS = ("district_id", "town_id", "village_id", "enterprise_id", "lead_org_id", "sector", "visit_id")
WORDS = (
    "description", "location", "address", "latitude", "longitude", "source", "finder", "found_at", "remark", "withheld",
)  # fmt: skip


def open_cases(
    session: Session, rules: Rules, found: Sequence[Opens], *, actor: Actor, now: datetime
) -> list[Decision]:
    """Open one case for each in the caller's transaction, each with clocks of its own; all of one workflow."""
    rules = load.current(session, rules, who.version(session))
    openings = [one.opening() for one in found]
    prefixes = {WORKFLOWS[opening.workflow].prefix for opening in openings}
    series = {prefix: iter(numbers.take(session, prefix, len(openings), now=now)) for prefix in prefixes}
    decisions = [
        decide_opening(rules, opening, next(series[WORKFLOWS[opening.workflow].prefix]), actor=actor, now=now)
        for opening in openings
    ]
    write(session, decisions)
    return decisions


def decide_opening(rules: Rules, opening: Opening, number: str, *, actor: Actor, now: datetime) -> Decision:
    """The first decision about a case; refuses who may not open one."""
    workflow = WORKFLOWS[opening.workflow]
    case = blank(opening, number, actor=actor, now=now)
    if not (any(actor.is_(role, case) for role in workflow.openers) or actor.org_id == case.enterprise_id):
        raise no.NotYourRole(right="、".join(sorted(LABELS[r] for r in workflow.openers)) + "，或者本企业人员")
    _needs_past(opening, now)
    turn = Turn(case, "open", rules, now, opening.named, kind=opening.details.get("kind"))
    turned = clocks.advance(workflow, turn, ())
    draft = Draft(None, changed(case, version=1, **turned.marks()), rules, workflow, actor, now)
    unheard = keeping.unheard(opening.named, turned.story)
    draft.add_event("move", "open", to=case.state, data=_said(opening), deadlines=turned.story, named=unheard)
    draft.inserts.append((workflow.details, details_row(opening, case.id)))
    draft.inserts += [(table, {**row, OWN_KEY[table]: case.id}) for table, row in opening.rows]
    draft.add_clocks(turned)
    detail = messages.lines(opening.detail, messages.owed(workflow, turned.standing.values()))
    draft.tell(Telling("open", workflow.first_told, workflow.opened, detail=detail))
    return draft.decision()


def _needs_past(opening: Opening, now: datetime) -> None:
    for name, at in opening.past.items():
        if at is not None and at > now:
            raise no.InTheFuture(field=name, right=f"不晚于{said(now)}")


def blank(opening: Opening, number: str, *, actor: Actor, now: datetime) -> CaseRow:
    """The case before its first event."""
    workflow: Workflow = WORKFLOWS[opening.workflow]
    if opening.level not in workflow.levels:
        raise no.SameLevel(field="level", right="、".join(workflow.levels))
    places: dict[str, Any] = {name: opening.case.get(name) for name in PLACED}
    return CaseRow(
        id=new_id(now),
        number=number,
        workflow=workflow.name,
        state=workflow.initial,
        version=0,
        seq=0,
        head=GENESIS,
        cycle=1,
        message_no=0,
        level=opening.level,
        title=one_line(opening.title),
        duplicate_of=None,
        opened_at=now,
        opened_by=actor.id,
        opened_by_org=actor.org_id,
        **places,
    )


def details_row(opening: Opening, case_id: str) -> dict[str, Any]:
    """The row of the words, for the workflow's own table."""
    return {"case_id": case_id, **opening.details}


PLACED: tuple[str, ...] = (
    "district_id", "town_id", "village_id", "enterprise_id", "responsible_org_id", "lead_org_id", "lister_org_id",
    "sponsor_id", "sector", "visit_id",
)  # fmt: skip
# By which column a row that comes with a case refers to it.
OWN_KEY: Mapping[str, str] = {"links": "from_id", "round_items": "round_id"}


def _said(opening: Opening) -> dict[str, Any]:
    return {k: v for k, v in opening.details.items() if v is not None and k not in opening.sealed}
