"""Penalties are recorded once each, and enough of them beside a major hazard propose closure, once a window."""

from datetime import date, timedelta
from typing import Any

import pytest

from models import Penalty
from models.database import write_session
from tests.desk import Desk
from workflow import refusals as no
from workflow.enterprise_merge import merge
from workflow.opening import NewHazard, open_cases
from workflow.penalties import NewPenalty, record

ORDERS = ((0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2))


def penalise(desk: Desk, number: int, decided_on: date, *, by: Any = None, enterprise: str | None = None) -> None:
    """An inspector records one."""
    said = NewPenalty(
        decided_on=decided_on, document=f"示应急罚〔2026〕{number}号", basis="安全生产法第102条", amount_fen=30_000_00
    )
    with write_session(desk.engine) as session:
        at = enterprise or desk.cast.enterprise
        record(session, desk.rules, at, said, actor=by or desk.cast.inspector, now=desk.clock.now)


def day(desk: Desk, before: int) -> date:
    """A day so many days ago."""
    today: date = desk.clock.now.date()
    return today - timedelta(days=before)


def closures(desk: Desk, case_id: str) -> list[str]:
    """The reasons of the proposals to close."""
    return [act.basis for act in desk.acts(case_id) if act.kind == "closure"]


def test_the_third_penalty_in_180_days_beside_a_major_hazard_proposes_closure_with_its_sum(desk: Desk) -> None:
    hazard_id = desk.open(level="major")
    penalise(desk, 1, date(2025, 9, 3))
    penalise(desk, 2, date(2025, 12, 1))
    assert closures(desk, hazard_id) == []
    penalise(desk, 3, date(2026, 3, 2))
    (basis,) = closures(desk, hazard_id)
    assert basis == (
        "安全生产法第113条。180日内3次：自2025-09-03至2026-03-02共3次（示应急罚〔2026〕1号、示应急罚〔2026〕2号、"
        f"示应急罚〔2026〕3号）。重大事故隐患：{desk.case(hazard_id).number}"
    )
    (act,) = desk.acts(hazard_id)
    desk.decide_act(act.id, "accepted", desk.cast.supervisor)
    (act,) = desk.acts(hazard_id)
    assert desk.case(act.led_to).level == "closure"


def test_each_window_proposes_once_in_whatever_order_the_penalties_are_entered(desk: Desk) -> None:
    days, cast = (150, 100, 50, 0), desk.cast
    orders = zip((cast.enterprise, cast.other_enterprise, cast.village_enterprise), ORDERS, strict=True)
    for n, (enterprise, order) in enumerate(orders):
        hazard_id = major(desk, enterprise)
        for i in order:
            penalise(desk, n * 10 + i, day(desk, days[i]), enterprise=enterprise)
        said = "".join(closures(desk, hazard_id))
        ends = [f"至{day(desk, before)}共" for before in (50, 0)]
        assert said.count("180日内3次：") == 2
        assert said.count("1年内4次：") == 1
        assert all(end in said for end in ends)


def major(desk: Desk, enterprise: str) -> str:
    """A major hazard of that enterprise, which an inspector found."""
    found = NewHazard(
        description="储罐泄漏", district_id=desk.cast.district, enterprise_id=enterprise, found_at=desk.clock.now,
        level="major",
    )  # fmt: skip
    with write_session(desk.engine) as session:
        (opened,) = open_cases(session, desk.rules, [found], actor=desk.cast.inspector, now=desk.clock.now)
    return opened.after.id


@pytest.mark.parametrize(("level", "state"), [("general", "discovered"), ("major", "voided")])
def test_without_a_major_hazard_nothing_is_proposed(desk: Desk, level: str, state: str) -> None:
    hazard_id = desk.open(level=level)
    if state == "voided":
        desk.fire(hazard_id, "void", desk.cast.supervisor, reason="登记错误")
    for n in range(4):
        penalise(desk, n, day(desk, n))
    assert desk.acts(hazard_id) == []
    assert desk.count(Penalty) == 4


def test_an_open_major_hazard_goes_before_a_closed_one(desk: Desk) -> None:
    open_id = desk.open(level="major")
    desk.clock.advance(minutes=1)
    closed_id = desk.to("closed", level="major")
    for n in range(3):
        penalise(desk, n, day(desk, n))
    assert (len(closures(desk, open_id)), closures(desk, closed_id)) == (1, [])


def test_a_merged_enterprise_brings_its_penalties_along(desk: Desk) -> None:
    keep, drop = desk.cast.enterprise, desk.cast.village_enterprise
    hazard_id = desk.open(level="major")
    penalise(desk, 1, day(desk, 2), enterprise=drop)
    penalise(desk, 2, day(desk, 1))
    with write_session(desk.engine) as session:
        merge(session, desk.rules, keep_id=keep, drop_id=drop, actor=desk.cast.admin, now=desk.clock.now)
    penalise(desk, 3, day(desk, 0))
    assert desk.count(Penalty, Penalty.enterprise_id == keep) == 3
    assert len(closures(desk, hazard_id)) == 1


def test_a_penalty_is_recorded_once(desk: Desk) -> None:
    penalise(desk, 1, day(desk, 1))
    with pytest.raises(no.PenaltyAlreadyRecorded):
        penalise(desk, 1, day(desk, 2), enterprise=desk.cast.village_enterprise)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("leader", no.NotYourRole), ("dispatcher", no.NotYourRole), ("enterprise_person", no.NotYourRole),
        ("admin", no.NotYourRole), ("fire_inspector", no.NotYourRole),
    ],
)  # fmt: skip
def test_inspectors_and_supervisors_of_the_place_record_it(desk: Desk, who: str, refusal: type[no.Refusal]) -> None:
    with pytest.raises(refusal):
        penalise(desk, 1, day(desk, 1), by=getattr(desk.cast, who))
    penalise(desk, 1, day(desk, 1), by=desk.cast.town_inspector)
    with pytest.raises(no.NotYourRole):
        penalise(desk, 2, day(desk, 1), by=desk.cast.town_inspector, enterprise=desk.cast.other_enterprise)


def test_a_penalty_is_an_enterprises_and_decided_by_today(desk: Desk) -> None:
    penalise(desk, 1, day(desk, 0))
    with pytest.raises(no.InTheFuture):
        penalise(desk, 2, day(desk, -1))
    for nothing in (desk.cast.town, "0" * 32):
        with pytest.raises(no.UnknownOrganisation):
            penalise(desk, 3, day(desk, 1), enterprise=nothing)
