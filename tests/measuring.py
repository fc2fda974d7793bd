"""A desk's measures: an overdue hazard, what is proposed about it, and a talk that has been ordered or held."""

from typing import Any

from models import Act, Measure
from models.database import write_session
from tests.desk import Desk
from workflow.actor import Actor
from workflow.acts import propose
from workflow.decision import Decision

HELD = {"attended": "赵安全，主要负责人", "minutes": "要求三日内整改到位"}
SENT = {"document": "示应急函〔2026〕3号"}


def overdue(desk: Desk, *, days: float = 38) -> str:
    """A hazard assigned so many days ago, looked at once since; after 38 days exposure and a talk are proposed."""
    case_id = desk.open()
    desk.assign(case_id)
    desk.clock.advance(days=days)
    desk.sweep()
    return case_id


def proposed(desk: Desk, case_id: str, kind: str) -> Act:
    """The newest proposal of that kind about a case."""
    act: Act = [act for act in desk.acts(case_id) if act.kind == kind][-1]
    return act


def by_hand(desk: Desk, case_id: str, kind: str, *, by: Actor | None = None) -> str:
    """An inspector proposes it; the act's id."""
    with write_session(desk.engine) as session:
        said = {"kind": kind, "basis": "多次催办未整改", "actor": by or desk.cast.inspector, "now": desk.clock.now}
        return propose(session, desk.rules, case_id, **said)


def ordered(desk: Desk, kind: str = "talk", *, about: str | None = None) -> str:
    """A measure of that kind that a supervisor has just decided; its case's id."""
    act_id = by_hand(desk, about or desk.open(), kind)
    desk.decide_act(act_id, "accepted", desk.cast.supervisor)
    (act,) = desk.all(Act, Act.id == act_id)
    return str(act.led_to)


def carry_out(desk: Desk, measure_id: str, **data: Any) -> Decision:
    """An inspector held it or sent it just now."""
    said = {"carried_out_at": desk.clock.now, **HELD, **SENT, **data}
    return desk.fire(measure_id, "carry_out", desk.cast.inspector, **said)


def words(desk: Desk, measure_id: str) -> Measure:
    """What the measure says."""
    (row,) = desk.all(Measure, Measure.case_id == measure_id)
    return row
