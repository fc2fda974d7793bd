"""Whenever the sweep looks, and however often it dies: breaches stand at their instant, each rung takes effect once."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models import Deadline, Rung
from models.database import write_session
from tests.conftest import SHANGHAI
from tests.desk import Desk
from workflow.refusals import Refusal
from workflow.sweep import sweep

TWINS = 3
MONDAY = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
EFFECT = ("fired", "skipped")

Act = Callable[[Desk, str], Any]


class Died(Exception):
    """The worker was killed before it could commit."""


def stays_away(desk: Desk, case_id: str) -> None:
    """Nobody sweeps."""


def looks(desk: Desk, case_id: str) -> None:
    """One sweep, which leaves nothing due."""
    look(desk, case_id)
    assert desk.count(Rung, Rung.case_id == case_id, Rung.outcome.is_(None), Rung.wake_at <= desk.clock.now) == 0


def look(desk: Desk, case_id: str, *, limit: int = 500) -> int:
    with write_session(desk.engine) as session:
        return sweep(session, desk.rules, now=desk.clock.now, only=case_id, limit=limit).rungs


def looks_in_a_crowd(desk: Desk, case_id: str) -> None:
    """A second sweeper at the same instant finds nothing left."""
    look(desk, case_id)
    assert look(desk, case_id) == 0


def dies(desk: Desk, case_id: str) -> None:
    """A sweep that has done all its work and is killed before it commits."""
    with pytest.raises(Died), write_session(desk.engine) as session:
        sweep(session, desk.rules, now=desk.clock.now, only=case_id)
        raise Died


def move(trigger: str, actor: str, **data: Any) -> Act:
    return lambda desk, case_id: desk.fire(case_id, trigger, getattr(desk.cast, actor), **data)


EXTEND = {"extend_to": date(2026, 4, 20), "reason": "设备未到货", "control_measures": "停用该区域"}
REJECT, DECLINE = move("reject", "inspector", note="仍有堵塞"), move("decline", "enterprise_person", reason="不归我们")
AWAY = move("transfer", "dispatcher", agency="消防救援大队", reason="消防职责")
BACK = move("take_back", "dispatcher", note="退回")
STORIES: Sequence[Sequence[Act]] = (
    (),
    (Desk.assign, Desk.start, Desk.submit, Desk.verify, Desk.close),
    (Desk.assign, Desk.start, Desk.submit, REJECT, Desk.submit),
    (Desk.assign, AWAY, BACK, Desk.assign, Desk.start),
    (Desk.assign, DECLINE, Desk.assign),
    (Desk.assign, move("request_extension", "enterprise_person", **EXTEND), move("grant_extension", "supervisor")),
    (Desk.assign, Desk.start, move("void", "supervisor", reason="重复登记")),
)
sweepers = st.lists(st.sampled_from((stays_away, looks, looks_in_a_crowd, dies)), min_size=TWINS, max_size=TWINS)
whiles = st.integers(0, 20 * 24) | st.sampled_from([0, 1, 24])


@given(story=st.sampled_from(STORIES), data=st.data())
@settings(max_examples=6, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
def test_whatever_the_sweeps_did_meanwhile_the_same_is_broken_and_the_same_has_happened(
    desk: Desk, story: Sequence[Act], data: st.DataObject
) -> None:
    desk.clock.now = MONDAY
    twins = [desk.open() for _ in range(TWINS)]
    for act in (*story, stays_away):
        for hours in data.draw(st.lists(whiles, min_size=1, max_size=3), "hours"):
            desk.clock.advance(hours=hours)
            for sweeper, case_id in zip(data.draw(sweepers, "sweepers"), twins, strict=True):
                sweeper(desk, case_id)
        assert len({outcome(desk, act, case_id) for case_id in twins}) == 1, "the clock spoils nobody's move"
    desk.clock.advance(days=data.draw(st.integers(0, 60), "days of downtime"))
    for batch, case_id in enumerate(twins, start=1):
        while look(desk, case_id, limit=batch):
            pass

    for case_id in twins:
        assert standing(desk, case_id) == standing(desk, twins[0])
        assert effects(desk, case_id) == effects(desk, twins[0])
        assert [row.name for row in desk.deadlines(case_id) if not at_its_instant(row, desk.clock.now)] == []
        done = [rung for rung in desk.rungs(case_id) if rung.outcome in EFFECT]
        assert [rung.name for rung in done if rung.settled_at is None or rung.settled_at < rung.due_at] == []
        assert told(desk, case_id) == Counter(rung.name for rung in done), "once each"


def outcome(desk: Desk, act: Act, case_id: str) -> str:
    """What came of a move: done, or the name of its refusal."""
    try:
        act(desk, case_id)
    except Refusal as refusal:
        return type(refusal).__name__
    return "done"


def standing(desk: Desk, case_id: str) -> list[tuple[Any, ...]]:
    """Where the case stands, what became of every promise, and since when it is broken."""
    case = desk.case(case_id)
    rows = sorted(desk.deadlines(case_id), key=lambda row: (row.name, row.cycle, row.round))
    kept = [(d.name, d.cycle, d.round, d.due_at, d.moves, d.outcome, d.breached_at, d.ended_at) for d in rows]
    return [(case.state, case.version, case.next_due_at, case.overdue_since), *kept]


def effects(desk: Desk, case_id: str) -> list[tuple[Any, ...]]:
    """The steps of every running promise that took effect, and what they proposed."""
    ladders: dict[Any, Any] = {(d.id, d.moves): (d.name, d.round) for d in desk.deadlines(case_id) if runs(d)}
    steps = [(r.deadline_id, r.move, r.name) for r in desk.rungs(case_id) if r.outcome in EFFECT]
    acts = [(a.deadline_id, a.move, a.kind) for a in desk.acts(case_id)]
    return sorted((*ladders[on, step], what) for on, step, what in (*steps, *acts) if (on, step) in ladders)


def runs(row: Deadline) -> bool:
    return row.outcome is None and row.held_at is None and row.paused_at is None


def at_its_instant(row: Deadline, now: datetime) -> bool:
    """Whether a breach is on record just where the promise's own arithmetic says so; of silent ones either may be."""
    if row.outcome == "withdrawn" or not (row.outcome or runs(row)):
        return row.breached_at in (None, row.due_at)
    broken = row.outcome == "missed" or (runs(row) and now >= row.due_at)
    return row.breached_at == (row.due_at if broken else None)


def told(desk: Desk, case_id: str) -> Counter[str]:
    """How often each step is in the history."""
    return Counter(event.trigger.partition(".")[2] for event in desk.events(case_id) if event.kind == "rung")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_a_dying_sweeper_had_claimed_is_left_for_the_others(desk: Desk) -> None:
    cases = [desk.open() for _ in range(5)]
    desk.clock.advance(days=9)
    with pytest.raises(Died), write_session(desk.engine) as session:
        claimed = sweep(session, desk.rules, now=desk.clock.now, limit=2).cases
        free = desk.sweep().cases
        raise Died

    left = desk.sweep().cases

    assert (set(left), set(free)) == (set(claimed), set(cases) - set(claimed))
    assert 0 < len(claimed) < len(cases)
    assert [told(desk, case_id) for case_id in cases] == [Counter(breach=1, supervisor=1, leader=1)] * len(cases)
