"""Proposing a listing (提出挂牌督办) over hazards: one or many of one district, each once at a level."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Organisation
from workflow import refusals as common
from workflow.actor import Actor
from workflow.decision import Decision
from workflow.listing import LISTING
from workflow.listings import refusals as no
from workflow.listings.facts import OVER, levels_over
from workflow.listings.levels import BODIES, LEVELS
from workflow.load import lock_cases
from workflow.opening import Opening, open_cases
from workflow.roles import LABELS
from workflow.rows import CaseRow
from workflow.rules import Rules
from workflow.visible import sees

# What a listing takes over from its hazards where they agree.
SHARED = ("town_id", "village_id", "enterprise_id", "sector")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewListing:
    """What somebody proposes: the hazards by id, the level, the body that is to list, and why (`basis`)."""

    hazards: tuple[str, ...]
    level: str
    lister_org_id: str
    basis: str


@dataclass(frozen=True, slots=True)
class _Over:
    """A proposal with its hazards as they stand."""

    new: NewListing
    hazards: Sequence[CaseRow]
    now: datetime

    def opening(self) -> Opening:
        """The case that the proposal makes."""
        first, several = self.hazards[0], f"（等{len(self.hazards)}件）" if len(self.hazards) > 1 else ""
        shared = {name: getattr(first, name) for name in SHARED if len({getattr(h, name) for h in self.hazards}) == 1}
        return Opening(
            workflow=LISTING.name,
            level=self.new.level,
            title=first.title + several,
            case={**shared, "district_id": first.district_id, "lister_org_id": self.new.lister_org_id},
            details={"basis": self.new.basis},
            rows=tuple(("links", {"to_id": h.id, "kind": "covers", "created_at": self.now}) for h in self.hazards),
        )


def propose(session: Session, rules: Rules, new: NewListing, *, actor: Actor, now: datetime) -> Decision:
    """Open a listing in the caller's transaction; refuses by name and writes nothing then."""
    if new.level not in LEVELS:
        raise common.SameLevel(field="level", right="、".join(LEVELS))
    if not new.basis.strip():
        raise common.Missing(field="basis", right="写明为什么挂牌督办")
    hazards = _hazards(session, rules, new, actor)
    _refuse_wrong_body(session, new)
    if new.level in levels_over(session, new.hazards):
        raise no.AlreadyListed(field="level", right="没有挂牌的级别")
    return open_cases(session, rules, [_Over(new, hazards, now)], actor=actor, now=now)[0]


def _hazards(session: Session, rules: Rules, new: NewListing, actor: Actor) -> Sequence[CaseRow]:
    ids = tuple(dict.fromkeys(new.hazards))
    if not ids:
        raise common.Missing(field="hazards", right="至少一件隐患")
    cases, _ = lock_cases(session, rules, ids)
    found = [cases[each] for each in ids if each in cases and sees(actor, cases[each])]
    if len(found) < len(ids) or any(case.workflow != "hazard" for case in found):
        raise common.UnknownCase(field="hazards", right="您看得到的隐患")
    if not all(any(actor.is_(role, case) for role in LISTING.openers) for case in found):
        raise common.NotYourRole(right="、".join(sorted(LABELS[role] for role in LISTING.openers)))
    if any(case.state in OVER for case in found):
        raise no.HazardNotOpen(field="hazards", right="未办结的隐患")
    if len({case.district_id for case in found}) > 1:
        raise no.HazardsApart(field="hazards", right="同一区县的隐患")
    return found


def _refuse_wrong_body(session: Session, new: NewListing) -> None:
    kind = session.scalar(select(Organisation.kind).where(Organisation.id == new.lister_org_id))
    if kind is None:
        raise common.UnknownOrganisation(field="lister_org_id", right="一个已登记的政府或部门")
    if kind not in BODIES[new.level]:
        raise no.WrongBody(field="lister_org_id", right=f"{LEVELS[new.level]}的政府或部门")
