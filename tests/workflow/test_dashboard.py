"""The dashboard counts what a person answers for, exactly, whether the worker has folded the counters or not."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from models import Tally, TallyDelta
from models.database import read_session, write_session
from tests.desk import Desk
from workflow.actor import Actor
from workflow.dashboard import Cell, Dashboard, fold, read


def seen(desk: Desk, actor: Actor) -> Dashboard:
    with read_session(desk.engine) as session:
        return read(session, actor)


def folded(engine: Engine, *, limit: int = 10_000) -> int:
    with write_session(engine) as session:
        return fold(session, limit=limit)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Four cases in the town (one overdue), one fire hazard in the other town, one in a village."""
    cast = desk.cast
    for state in ("discovered", "assigned", "closed"):
        desk.to(state)
    late = desk.to("assigned")
    desk.live(40, step=10)
    assert desk.case(late).overdue_since
    other = replace(cast, town=cast.other_town, enterprise=cast.other_enterprise)
    Desk(desk.engine, other, desk.clock).open(sector="消防")
    desk.open(village_id=cast.village)
    return desk


def test_folding_changes_no_number_and_leaves_no_delta(busy: Desk) -> None:
    before = seen(busy, busy.cast.leader)

    while folded(busy.engine, limit=3):
        assert seen(busy, busy.cast.leader) == before

    assert before.total == 6
    assert busy.count(TallyDelta) == 0
    assert folded(busy.engine) == 0


def test_each_case_is_counted_where_it_stands_now(busy: Desk) -> None:
    folded(busy.engine)
    cast = busy.cast

    cells = seen(busy, cast.leader).cells

    assert Cell(cast.district, cast.town, "general", "closed", False, 1) in cells
    assert sum(cell.n for cell in cells if cell.state == "discovered" and cell.town_id == cast.other_town) == 1
    assert sum(cell.n for cell in cells if cell.overdue) == seen(busy, cast.leader).overdue == 3


def test_a_town_inspector_sees_the_town_s_cells_and_no_other(busy: Desk) -> None:
    folded(busy.engine)

    cells = seen(busy, busy.cast.town_inspector).cells

    assert {cell.town_id for cell in cells} == {busy.cast.town}
    assert sum(cell.n for cell in cells) == 5


def test_who_is_limited_to_a_sector_sees_that_sector_only(busy: Desk) -> None:
    cast = busy.cast
    fire_only = replace(cast.inspector, id="f" * 32, held=(replace(cast.inspector.held[0], sector="消防"),))

    assert [cell.town_id for cell in seen(busy, fire_only).cells] == [cast.other_town]


def test_a_department_sees_the_cases_it_leads_counted_once(busy: Desk) -> None:
    led = busy.open(sector="消防")
    busy.assign(led, lead_org_id=busy.cast.fire_department)

    assert seen(busy, busy.cast.fire_inspector).total == 1

    both = replace(
        busy.cast.fire_inspector, held=(*busy.cast.fire_inspector.held, replace(busy.cast.town_inspector.held[0]))
    )
    assert seen(busy, both).total == seen(busy, busy.cast.town_inspector).total == 6


def test_a_case_without_a_sector_is_not_lost_between_two_ways_to_see_it(busy: Desk) -> None:
    """The village's inspector who also holds one sector of the town."""
    cast = busy.cast
    place = cast.town_inspector.held[0]
    both = replace(cast.town_inspector, held=(replace(place, org_id=cast.village), replace(place, sector="消防")))

    assert seen(busy, both).total == 1


def test_an_enterprise_counts_its_own_cases_and_no_cell_of_the_place(busy: Desk) -> None:
    assert seen(busy, busy.cast.enterprise_person).total == 5
    assert seen(busy, busy.cast.other_enterprise_person).total == 1


def test_an_administrator_without_a_part_in_cases_counts_none(busy: Desk) -> None:
    assert seen(busy, busy.cast.admin) == Dashboard(())
    assert seen(busy, busy.cast.admin).rectification_rate is None


def test_the_rectification_rate_leaves_out_what_nobody_owes(busy: Desk) -> None:
    void = busy.open()
    busy.fire(void, "void", busy.cast.dispatcher, reason="误报")

    assert seen(busy, busy.cast.leader).rectification_rate == pytest.approx(1 / 6)


def test_workers_folding_at_once_count_every_delta_once(desk: Desk) -> None:
    for _ in range(12):
        desk.open()
    desk.clock.now += timedelta(days=60)
    for _ in range(12):
        desk.open()
    workers = [threading.Thread(target=_fold_all, args=(desk.engine,)) for _ in range(4)]

    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    with read_session(desk.engine) as session:
        assert session.scalar(select(func.sum(Tally.n))) == 24
    assert desk.count(TallyDelta) == 0


def _fold_all(engine: Engine) -> None:
    while folded(engine, limit=2):
        pass


def test_a_batch_of_decisions_counts_as_its_decisions_one_by_one(desk: Desk) -> None:
    for _ in range(6):
        desk.assign(desk.open())
    desk.clock.advance(days=31)
    desk.sweep()
    with read_session(desk.engine) as session:
        changes = session.execute(
            select(TallyDelta.state, TallyDelta.overdue, TallyDelta.n).order_by(TallyDelta.id.desc()).limit(2)
        ).all()
    assert {tuple(change) for change in changes} == {("assigned", 0, -6), ("assigned", 1, 6)}
