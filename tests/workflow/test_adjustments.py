"""What moved or stopped a promise is shown beside how it was first counted."""

from datetime import date, datetime, timedelta

from models.database import read_session
from tests.conftest import SHANGHAI
from tests.desk import Desk
from workflow.explain import Explained, explain
from workflow.load import read_cases


def by(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=SHANGHAI) + timedelta(days=1)


def promises(desk: Desk, case_id: str) -> list[Explained]:
    """The promises to rectify, oldest first."""
    with read_session(desk.engine) as session:
        found = explain(session, desk.rules, read_cases(session, [case_id])[case_id])
    mine = (each for each in found if each.deadline.name == "rectify")
    return sorted(mine, key=lambda each: (each.deadline.cycle, each.deadline.round))


def rectify(desk: Desk, case_id: str) -> Explained:
    return promises(desk, case_id)[-1]


def test_an_extension_stands_beside_the_thirty_days_and_not_among_them(desk: Desk) -> None:
    case_id = desk.to("assigned")
    asked = {"extend_to": date(2026, 4, 20), "reason": "设备未到货", "control_measures": "停用该区域"}
    desk.fire(case_id, "request_extension", desk.cast.enterprise_person, **asked)
    desk.clock.advance(hours=3)
    desk.fire(case_id, "grant_extension", desk.cast.supervisor)

    shown = rectify(desk, case_id)
    assert sum(run.days for run in shown.segments if run.counted) == 30
    assert shown.segments[-1].end == date(2026, 4, 1)
    (moved,) = shown.adjustments
    assert (moved.change, moved.move, moved.by) == ("moved", "同意延期", desk.cast.supervisor.name)
    assert (moved.at, moved.was, moved.due_at) == (desk.clock.now, by("2026-04-01"), by("2026-04-20"))


def test_what_a_pause_took_is_given_back_in_plain_sight(desk: Desk) -> None:
    case_id = desk.to("assigned")
    desk.fire(case_id, "transfer", desk.cast.dispatcher, agency="市消防救援支队", reason="职责所属")
    paused_at = desk.clock.now
    desk.clock.advance(days=5)
    desk.fire(case_id, "take_back", desk.cast.dispatcher, note="退回本局")

    paused, resumed = rectify(desk, case_id).adjustments
    assert (paused.change, paused.move, paused.at) == ("paused", "移送", paused_at)
    assert (resumed.change, resumed.at - paused.at) == ("resumed", timedelta(days=5))
    assert (resumed.was, resumed.due_at) == (by("2026-04-01"), by("2026-04-06"))


def test_a_promise_that_nothing_touched_shows_nothing_of_the_kind(desk: Desk) -> None:
    assert rectify(desk, desk.to("assigned")).adjustments == ()


def test_a_new_cycle_has_a_history_of_its_own(desk: Desk) -> None:
    case_id = desk.to("closed")
    desk.fire(case_id, "reopen", desk.cast.supervisor, reason="回头看发现反弹")
    first, second = promises(desk, case_id)
    assert [change.change for change in first.adjustments] == ["held"]
    assert second.adjustments == ()
