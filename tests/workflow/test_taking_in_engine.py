"""Old paper in the engine: promises stand at their true times, nothing is told, proposed or closed by it."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from models import Act, Case, Hazard, Import, Message, Rung
from models.database import read_session, write_session
from tests.desk import Desk
from workflow import refusals as no
from workflow.arithmetic import end_of
from workflow.opening import NewHazard
from workflow.taking_in import OldHazard, take_in
from workflow.verify import verify


def by(day: str) -> datetime:
    return end_of(date.fromisoformat(day))


def old(desk: Desk, **paper: Any) -> OldHazard:
    """A row of a ledger: found on 5 January, given to the cast's enterprise, to be rectified by 20 January."""
    found_at = paper.pop("found_at", desk.clock.now - timedelta(days=56))
    cast = desk.cast
    hazard = NewHazard(
        description="消防通道堵塞", district_id=cast.district, town_id=cast.town, enterprise_id=cast.enterprise,
        found_at=found_at,
    )  # fmt: skip
    columns: dict[str, Any] = {
        "import_key": uuid4().hex, "responsible_org_id": cast.enterprise, "finished": False,
        "rectify_by": by("2026-01-20"), "report_by": None, "deadline_text": "1月20日前", "words": {},
    }  # fmt: skip
    return OldHazard(hazard=hazard, import_id="one", **{**columns, **paper})


def bring_in(desk: Desk, *rows: OldHazard) -> list[str]:
    with write_session(desk.engine) as session:
        if session.get(Import, "one") is None:
            session.add(
                Import(
                    id="one", name="台账.xlsx", sha256="0" * 64, imported_at=desk.clock.now, rows=1, cases=1, known=0,
                    problems=0,
                )
            )  # fmt: skip
            session.flush()
        made = take_in(session, desk.rules, rows, actor=desk.cast.admin, now=desk.clock.now)
    return [decision.after.id for decision in made]


def test_an_old_breach_stands_at_its_true_time_and_is_noticed_now(desk: Desk) -> None:
    (case_id,) = bring_in(desk, old(desk))
    (promise,) = desk.deadlines(case_id)

    assert (promise.name, promise.due_at, promise.text) == ("rectify", by("2026-01-20"), "1月20日前")
    assert (promise.breached_at, promise.noticed_at) == (by("2026-01-20"), desk.clock.now)
    assert desk.case(case_id).overdue_since == by("2026-01-20")


def test_nothing_is_sent_or_proposed_about_what_was_late_before_the_import(desk: Desk) -> None:
    (case_id,) = bring_in(desk, old(desk))
    desk.live(60, step=10)

    assert {r.outcome for r in desk.rungs(case_id)} == {"imported"}
    assert (desk.count(Message), desk.count(Act)) == (0, 0)
    assert [e.kind for e in desk.events(case_id)] == ["move"]


def test_what_falls_due_after_the_import_climbs_its_ladder_as_any_other(desk: Desk) -> None:
    (case_id,) = bring_in(desk, old(desk, rectify_by=by("2026-03-01")))
    assert {r.name for r in desk.rungs(case_id) if r.outcome == "imported"} == {"remind", "breach"}
    desk.live(20)

    assert {r.name for r in desk.rungs(case_id) if r.outcome == "fired"} == {
        "supervisor", "exposure", "talk", "listing",
    }  # fmt: skip
    assert [a.kind for a in desk.acts(case_id)] == ["exposure", "talk", "listing"]


def test_no_date_at_all_takes_the_profiles_and_says_so(desk: Desk) -> None:
    (case_id,) = bring_in(desk, old(desk, rectify_by=None, deadline_text="限期", found_at=desk.clock.now))
    (promise,) = desk.deadlines(case_id)

    assert (promise.assumed, promise.due_at, promise.text) == (True, by("2026-04-01"), "限期")


def test_what_the_ledger_calls_finished_waits_for_evidence_and_a_check(desk: Desk) -> None:
    (case_id,) = bring_in(desk, old(desk, finished=True))
    case = desk.case(case_id)
    assert (case.state, case.evidence_count, case.closed_at) == ("submitted", 0, None)
    with pytest.raises(no.NeedsEvidence):
        desk.verify(case_id)

    desk.photo(case_id, desk.cast.enterprise_person)
    desk.verify(case_id)
    desk.close(case_id)

    assert desk.case(case_id).state == "closed"


def test_a_finished_row_without_a_day_is_neither_in_time_nor_late(desk: Desk) -> None:
    (case_id,) = bring_in(desk, old(desk, finished=True))

    promises = {d.name: (d.outcome, d.breached_at) for d in desk.deadlines(case_id)}
    assert promises == {"rectify": ("withdrawn", None), "recheck": (None, None)}


@pytest.mark.parametrize(("day", "outcome"), [(10, "met"), (30, "missed")])
def test_a_finished_row_with_a_day_is_judged_by_that_day(desk: Desk, day: int, outcome: str) -> None:
    finished_at = desk.clock.now - timedelta(days=56 - day)
    (case_id,) = bring_in(desk, old(desk, finished=True, finished_at=finished_at))
    desk.photo(case_id, desk.cast.enterprise_person)
    desk.verify(case_id)

    (promise,) = desk.deadlines(case_id, "rectify")
    assert promise.outcome == outcome


def test_a_finished_row_that_is_rejected_gets_a_promise_of_its_own(desk: Desk) -> None:
    (case_id,) = bring_in(desk, old(desk, finished=True))
    desk.fire(case_id, "reject", desk.cast.inspector, note="现场仍堵塞")

    assert [(d.round, d.outcome, d.due_at) for d in desk.deadlines(case_id, "rectify")] == [
        (1, "withdrawn", by("2026-01-20")),
        (2, None, by("2026-04-01")),
    ]


def test_a_row_without_a_unit_waits_to_be_given(desk: Desk) -> None:
    (case_id,) = bring_in(desk, old(desk, responsible_org_id=None))

    assert desk.case(case_id).state == "discovered"
    assert [(d.name, d.anchor_at) for d in desk.deadlines(case_id)] == [("assign", desk.clock.now)]


def test_rectify_by_and_report_by_come_in_as_two_clocks(desk: Desk) -> None:
    (case_id,) = bring_in(desk, old(desk, report_by=by("2026-03-31")))

    assert {(d.name, d.due_at) for d in desk.deadlines(case_id)} == {
        ("rectify", by("2026-01-20")),
        ("report", by("2026-03-31")),
    }


def test_one_row_never_comes_in_twice(desk: Desk) -> None:
    row = old(desk)
    bring_in(desk, row)
    with pytest.raises(IntegrityError):
        bring_in(desk, row)

    assert desk.count(Case) == desk.count(Hazard) == 1


def test_a_thousand_rows_come_in_whole_each_with_a_chain_of_its_own(desk: Desk) -> None:
    rows = [old(desk, finished=n % 3 == 0) for n in range(1000)]
    bring_in(desk, *rows)

    with read_session(desk.engine) as session:
        verdict = verify(session)
    assert (verdict.sound, verdict.cases, verdict.events) == (True, 1000, 1000)
    assert desk.count(Rung, Rung.outcome.is_(None), Rung.wake_at <= desk.clock.now) == 0
