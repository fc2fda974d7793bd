"""Cases follow where their organisations go, and their histories and counters say so."""

import json
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from models import Case, Tally, TallyDelta
from models.database import read_session, write_session
from tests.desk import Desk
from tests.people import CREDIT_CODE
from workflow import following
from workflow.actor import Actor, Held
from workflow.enterprise_file import enterprise_file
from workflow.enterprise_merge import merge
from workflow.load import read_cases
from workflow.opening import NewHazard, open_cases
from workflow.places import add_organisation, confirm, unconfirmed_branch
from workflow.relocation import move
from workflow.roles import Role
from workflow.tallies import CELL, cell
from workflow.verify import verify
from workflow.visible import visible_to


def moved(desk: Desk, organisation_id: str, parent_id: str) -> None:
    desk.clock.advance(minutes=1)
    with write_session(desk.engine) as session:
        move(session, desk.rules, organisation_id, parent_id=parent_id, actor=desk.cast.admin, now=desk.clock.now)


def merged(desk: Desk, keep_id: str, drop_id: str) -> None:
    desk.clock.advance(minutes=1)
    with write_session(desk.engine) as session:
        merge(session, desk.rules, keep_id=keep_id, drop_id=drop_id, actor=desk.cast.admin, now=desk.clock.now)


def added(desk: Desk, kind: str, name: str, parent_id: str | None) -> str:
    with write_session(desk.engine) as session:
        return add_organisation(session, kind=kind, name=name, parent_id=parent_id, now=desk.clock.now).id


def branch(desk: Desk) -> str:
    with write_session(desk.engine) as session:
        return unconfirmed_branch(session, desk.cast.district, desk.clock.now).id


def found(desk: Desk, **where: Any) -> str:
    hazard = NewHazard(description="灭火器失效", district_id=desk.cast.district, found_at=desk.clock.now, **where)
    with write_session(desk.engine) as session:
        return open_cases(session, desk.rules, [hazard], actor=desk.cast.inspector, now=desk.clock.now)[0].after.id


def place(desk: Desk, case_id: str) -> tuple[str | None, ...]:
    case = desk.case(case_id)
    return case.district_id, case.town_id, case.village_id


def inspector_of(desk: Desk, place_id: str) -> Actor:
    return replace(desk.cast.town_inspector, id="i" * 32, held=(Held(Role.INSPECTOR, place_id, None),))


def seen(desk: Desk, actor: Actor) -> set[str]:
    with read_session(desk.engine) as session:
        return set(session.scalars(select(Case.id).where(visible_to(actor))))


def triggers(desk: Desk, case_id: str) -> list[str]:
    return [event.trigger for event in desk.events(case_id)]


def assert_books_are_right(desk: Desk) -> None:
    """Every chain is whole, and the counters with their changes are what a scan of all cases counts."""
    with read_session(desk.engine) as session:
        assert verify(session).breaks == ()
        ids: Sequence[str] = session.scalars(select(Case.id)).all()
        counted = Counter(tuple(cell(case).values()) for case in read_cases(session, ids).values())
        kept: Counter[tuple[Any, ...]] = Counter()
        for table in (Tally, TallyDelta):
            for *key, n in session.execute(select(*(getattr(table, name) for name in CELL), table.n)):
                kept[tuple(key)] += n
    assert {key: n for key, n in kept.items() if n} == counted


def test_an_enterprise_that_moves_takes_its_cases_to_the_new_town_s_inspector(desk: Desk) -> None:
    cast = desk.cast
    road = ("discovered", "rectifying", "closed", "assigned")
    cases = [desk.to(state) for state in road]
    desk.live(40, step=10)
    versions = [desk.case(case_id).version for case_id in cases]

    moved(desk, cast.enterprise, cast.other_town)

    assert seen(desk, inspector_of(desk, cast.other_town)) == set(cases)
    assert seen(desk, inspector_of(desk, cast.town)) == set()
    assert [desk.case(case_id).version for case_id in cases] == versions
    assert [desk.case(case_id).state for case_id in cases] == list(road)
    assert_books_are_right(desk)


def test_the_history_names_who_moved_what_from_where_to_where(desk: Desk) -> None:
    cast = desk.cast
    case_id = desk.to("closed")

    moved(desk, cast.enterprise, cast.village)

    event = desk.events(case_id)[-1]
    said = json.loads(event.body)
    assert (event.kind, event.trigger, event.actor_id, event.at) == ("note", "relocate", cast.admin.id, desk.clock.now)
    assert (said["from"], said["organisation"]) == ("closed", cast.enterprise)
    assert said["change"] == {"village_id": {"from": None, "to": cast.village}}


def test_a_case_found_elsewhere_stays_where_it_was_found(desk: Desk) -> None:
    cast = desk.cast
    at_home = found(desk, enterprise_id=cast.enterprise, town_id=cast.town)
    in_a_village = found(desk, enterprise_id=cast.enterprise, town_id=cast.town, village_id=cast.village)
    somewhere = found(desk, enterprise_id=cast.enterprise)
    of_others = found(desk, enterprise_id=cast.village_enterprise, town_id=cast.town, village_id=cast.village)
    new_town = added(desk, "town", "新设镇", cast.district)

    moved(desk, cast.enterprise, new_town)

    assert seen(desk, inspector_of(desk, new_town)) == {at_home, somewhere}
    assert seen(desk, inspector_of(desk, cast.town)) == {in_a_village, of_others}
    assert triggers(desk, in_a_village) == triggers(desk, of_others) == ["open"]
    assert_books_are_right(desk)


def test_a_unit_taken_out_of_the_branch_of_the_unconfirmed_takes_its_cases_out(desk: Desk) -> None:
    unsure = branch(desk)
    unit = added(desk, "enterprise", "老李饭店", unsure)
    case_id = found(desk, enterprise_id=unit, town_id=unsure)

    moved(desk, unit, desk.cast.village)
    with write_session(desk.engine) as session:
        confirm(session, unit)

    assert place(desk, case_id) == (desk.cast.district, desk.cast.town, desk.cast.village)
    assert triggers(desk, case_id) == ["open", "relocate"]
    assert seen(desk, inspector_of(desk, unsure)) == set()
    assert_books_are_right(desk)


def test_a_village_that_moves_takes_all_its_cases_with_or_without_an_enterprise(desk: Desk) -> None:
    cast = desk.cast
    on_the_road = found(desk, town_id=cast.town, village_id=cast.village)
    in_the_shop = found(desk, town_id=cast.town, enterprise_id=cast.village_enterprise)
    in_town = found(desk, town_id=cast.town)

    moved(desk, cast.village, cast.other_town)

    there = (cast.district, cast.other_town, cast.village)
    assert (place(desk, on_the_road), place(desk, in_the_shop)) == (there, there)
    assert seen(desk, inspector_of(desk, cast.town)) == {in_town}
    assert_books_are_right(desk)


def test_a_town_that_comes_to_another_district_brings_its_villages_cases(desk: Desk) -> None:
    cast = desk.cast
    in_village = found(desk, town_id=cast.town, village_id=cast.village)
    other = found(desk, town_id=cast.other_town)
    district = added(desk, "district", "新区", None)

    moved(desk, cast.town, district)

    assert place(desk, in_village) == (district, cast.town, cast.village)
    assert seen(desk, cast.leader) == {other}
    assert_books_are_right(desk)


def test_a_move_that_changes_no_case_writes_no_event(desk: Desk) -> None:
    cast = desk.cast
    case_id = desk.open()
    city = added(desk, "city", "示范市", None)

    moved(desk, cast.fire_department, cast.town)
    moved(desk, cast.enterprise, cast.town)
    moved(desk, cast.district, city)

    assert triggers(desk, case_id) == ["open"]


def test_many_cases_follow_in_batches_each_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "BATCH", 3)
    cases = [desk.open() for _ in range(7)]

    moved(desk, desk.cast.enterprise, desk.cast.other_town)

    assert all(triggers(desk, case_id) == ["open", "relocate"] for case_id in cases)
    assert seen(desk, inspector_of(desk, desk.cast.other_town)) == set(cases)
    assert_books_are_right(desk)


def test_the_file_of_the_kept_enterprise_shows_all_and_every_case_knows_of_the_merger(desk: Desk) -> None:
    cast = desk.cast
    cases = [desk.to(state) for state in ("discovered", "submitted", "closed")]
    double = added(desk, "enterprise", "示范精化", cast.other_town)
    own = found(desk, enterprise_id=double, town_id=cast.other_town)

    merged(desk, double, cast.enterprise)

    with read_session(desk.engine) as session:
        file = enterprise_file(session, double)
        assert enterprise_file(session, cast.enterprise).hazards == ()
    assert {line.id for line in file.hazards} == {*cases, own}
    assert file.credit_code == CREDIT_CODE
    said = json.loads(desk.events(cases[2])[-1].body)
    both = {"from": cast.enterprise, "to": double}
    assert (said["trigger"], said["organisation"]) == ("merge", cast.enterprise)
    assert said["change"] == {"enterprise_id": both, "responsible_org_id": both, "submitted_by_org": both}
    assert triggers(desk, own) == ["open"]
    # Where they were found was known: there they stay.
    assert seen(desk, inspector_of(desk, cast.town)) == set(cases)
    assert_books_are_right(desk)


def test_a_double_in_the_unconfirmed_branch_leaves_its_cases_the_place_of_the_kept_one(desk: Desk) -> None:
    cast, unsure = desk.cast, branch(desk)
    double = added(desk, "enterprise", "示范精化", unsure)
    case_id = found(desk, enterprise_id=double, town_id=unsure)
    elsewhere = found(desk, enterprise_id=double, town_id=cast.other_town)

    merged(desk, cast.enterprise, double)

    assert place(desk, case_id) == (cast.district, cast.town, None)
    assert place(desk, elsewhere) == (cast.district, cast.other_town, None)
    assert {desk.case(id_).enterprise_id for id_ in (case_id, elsewhere)} == {cast.enterprise}
    assert_books_are_right(desk)


def test_who_is_only_responsible_follows_without_a_change_of_place(desk: Desk) -> None:
    cast = desk.cast
    case_id = desk.open()
    desk.assign(case_id, responsible_org_id=cast.other_enterprise)
    double = added(desk, "enterprise", "东风商贸", cast.village)

    merged(desk, double, cast.other_enterprise)

    case = desk.case(case_id)
    assert (case.responsible_org_id, case.enterprise_id, case.town_id) == (double, cast.enterprise, cast.town)
    assert_books_are_right(desk)


def test_cases_go_on_while_their_enterprise_moves(desk: Desk) -> None:
    cases = [desk.open() for _ in range(12)]
    start = threading.Barrier(4)

    def work(mine: Sequence[str]) -> None:
        start.wait()
        for case_id in mine:
            desk.assign(case_id)

    def shift() -> None:
        start.wait()
        for parent in (desk.cast.other_town, desk.cast.village, desk.cast.other_village):
            moved(desk, desk.cast.enterprise, parent)

    workers = [threading.Thread(target=work, args=(cases[n::3],)) for n in range(3)]
    threads = [*workers, threading.Thread(target=shift)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {desk.case(case_id).state for case_id in cases} == {"assigned"}
    assert seen(desk, inspector_of(desk, desk.cast.other_village)) == set(cases)
    assert_books_are_right(desk)
