"""How each workflow's cases come into being in walks and simulations, and the straight road of each to its end."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from random import Random

from sqlalchemy.orm import Session

from tests.desk import Desk
from workflow.decision import Decision
from workflow.incidents.opening import NewIncident
from workflow.incidents.words import KINDS
from workflow.listings.opening import NewListing, propose
from workflow.opening import NewHazard, open_cases
from workflow.rounds.opening import open_round

# Workflows whose cases nobody opens: an accepted act does.
FOLLOWING = frozenset({"measure"})
FINDERS = ("inspector", "supervisor", "dispatcher")
AGO = (0, 5, 20, 31, 70, 400)
# Given the hazards there are; refused by name like any move.
Opener = Callable[[Session, Desk, Sequence[str], Random], Decision]


def hazard(session: Session, desk: Desk, _hazards: Sequence[str], rng: Random) -> Decision:
    """Somebody finds a hazard in the cast's enterprise."""
    cast, now = desk.cast, desk.clock.now
    found = NewHazard(
        description="安全出口被杂物堵塞", district_id=cast.district, town_id=cast.town, enterprise_id=cast.enterprise,
        found_at=now, level=rng.choice(("general", "major")),
    )  # fmt: skip
    return open_cases(session, desk.rules, [found], actor=getattr(cast, rng.choice(FINDERS)), now=now)[0]


def listing(session: Session, desk: Desk, hazards: Sequence[str], rng: Random) -> Decision:
    """The dispatcher proposes a listing over some hazards, mostly at the district."""
    covered = tuple(rng.sample(list(hazards), min(len(hazards), rng.randint(1, 2))))
    level = rng.choice(("district", "district", "district", "town"))
    new = NewListing(hazards=covered, level=level, lister_org_id=getattr(desk.cast, level), basis="久拖不改")
    return propose(session, desk.rules, new, actor=desk.cast.dispatcher, now=desk.clock.now)


def exposure_round(session: Session, desk: Desk, _hazards: Sequence[str], rng: Random) -> Decision:
    """The dispatcher opens a round, often one that is followed by the next."""
    repeats = rng.choice((True, False))
    wanted = {"district_id": desk.cast.district, "repeats": repeats}
    return open_round(session, desk.rules, actor=desk.cast.dispatcher, now=desk.clock.now, **wanted)


def incident(session: Session, desk: Desk, _hazards: Sequence[str], rng: Random) -> Decision:
    """The duty officer enters what happened some minutes ago."""
    cast, now = desk.cast, desk.clock.now
    at = now - timedelta(minutes=rng.choice(AGO))
    known = NewIncident(
        kind=rng.choice(sorted(KINDS)), district_id=cast.district, town_id=cast.town,
        enterprise_id=rng.choice((cast.enterprise, None)), counted_from=rng.choice(("occurred", "received")),
        occurred_at=at, received_at=at + (now - at) / 2, anchor_source="110转来", place="城关镇工业路3号",
        deaths=rng.choice((None, 0, 1, 3, 10)),
    )  # fmt: skip
    return open_cases(session, desk.rules, [known], actor=cast.duty_officer, now=now)[0]


OPENERS: Mapping[str, Opener] = {
    "hazard": hazard, "listing": listing, "round": exposure_round, "incident": incident,
}  # fmt: skip
# state → what is tried there, one after the other.
ROADS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "hazard": {
        "discovered": ("assign",), "assigned": ("start",), "rectifying": ("submit",), "submitted": ("verify",),
        "verified": ("sign_off", "close"), "closed": ("reopen",), "transferred": ("take_back",),
    },
    "listing": {
        "discovered": ("list",), "assigned": ("publish", "record", "start"), "rectifying": ("file_plan", "submit"),
        "submitted": ("accept_by_department", "verify"), "verified": ("close",), "transferred": ("take_back",),
        "suspended": ("resume",),
    },
    "round": {
        "collecting": ("pull_in", "add_item", "freeze"), "frozen": ("approve",), "approved": ("publish",),
        "published": ("settle",), "suspended": ("resume",),
    },
    "incident": {
        "reporting": ("acknowledge", "phone_report", "report_upward", "written_report"),
        "following": ("follow_up", "final_report"), "concluded": ("close",), "transferred": ("take_back",),
        "suspended": ("resume",), "closed": ("reopen",),
    },
    "measure": {
        "ordered": ("carry_out",), "carried_out": ("reply",), "replied": ("close",), "suspended": ("resume",),
    },
}  # fmt: skip
# What may become of a request for more time; none: it is left lying.
ANSWERS = (None, "grant_extension", "grant_extension", "refuse_extension")
# Triggers that lead off the road, tried as a rule of their own.
BYWAYS: Mapping[str, Sequence[str]] = {
    "hazard": ("transfer", "reassign", "decline", "void", "fix_on_the_spot"),
    "listing": ("hand_up", "suspend", "reject", "progress", "transfer", "cover", "uncover", "void"),
    "round": ("suspend", "thaw", "escalate_item", "withdraw_item", "void"),
    "incident": ("revise", "revise", "reopen", "transfer", "suspend", "unit_report", "record_finding", "void"),
    "measure": ("suspend", "take_reply", "void"),
}  # fmt: skip
