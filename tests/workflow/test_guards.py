"""Every refusal of every move, by name; a refused move changes nothing."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from models import Case, Event, metadata
from models.database import read_session, write_session
from tests.desk import PLAN, Desk
from tests.people import Cast
from tests.tampering import tools
from workflow import refusals as no
from workflow.actor import Actor
from workflow.hazard import HAZARD
from workflow.opening import NewHazard, open_cases
from workflow.people import actor_of, add_person, disable_person, grant
from workflow.roles import Role

# Decided before anything is read but the case: once is enough.
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def everything(desk: Desk) -> dict[str, int]:
    """How many rows each table has, and every case's version and seq."""
    with read_session(desk.engine) as session:
        counts = {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in metadata.sorted_tables}
        sums = session.execute(select(func.sum(Case.version), func.sum(Case.seq))).one()
        return {**counts, "versions": int(sums[0] or 0), "seqs": int(sums[1] or 0)}


def refused(desk: Desk, case_id: str, trigger: str, by: Actor, **data: Any) -> no.Refusal:
    """The refusal of a move that changed nothing."""
    before = everything(desk)
    with pytest.raises(no.Refusal) as refusal:
        desk.fire(case_id, trigger, by, **data)
    assert everything(desk) == before
    return refusal.value


def said(refusal: no.Refusal) -> tuple[type[no.Refusal], str | None]:
    return type(refusal), refusal.field


def test_a_major_hazard_cannot_start_with_four_of_five_elements(desk: Desk) -> None:
    case_id = desk.to("assigned", level="major")
    for missing in PLAN:
        four = {name: words for name, words in PLAN.items() if name != missing}
        assert said(refused(desk, case_id, "start", desk.cast.enterprise_person, **four)) == (
            no.NeedsFiveElements,
            missing,
        )


def test_a_major_hazard_mended_on_the_spot_has_its_plan_too(desk: Desk) -> None:
    case_id = desk.open(level="major")
    done = {"measures": "已恢复", "evidence": [desk.photo(case_id, desk.cast.inspector)]}
    refusal = refused(desk, case_id, "fix_on_the_spot", desk.cast.inspector, **done)
    assert said(refusal) == (no.NeedsFiveElements, "plan_responsibility")

    desk.fire(case_id, "fix_on_the_spot", desk.cast.inspector, **done, **PLAN)

    assert desk.case(case_id).plan_at == desk.clock.now


def test_a_major_hazard_that_paper_calls_finished_is_sent_back_for_its_plan(desk: Desk) -> None:
    case_id = desk.to("submitted", level="major")
    with tools(desk.engine) as run:
        run("UPDATE cases SET plan_at = NULL WHERE id = :id", id=case_id)
    second = {"second_officer": desk.cast.second_inspector.id}
    assert type(refused(desk, case_id, "verify", desk.cast.inspector, **second)) is no.NeedsFiveElements

    desk.fire(case_id, "reject", desk.cast.inspector, note="补五落实")
    with pytest.raises(no.NeedsFiveElements):
        desk.submit(case_id)
    desk.submit(case_id, **PLAN)
    desk.verify(case_id)

    assert desk.case(case_id).state == "verified"


def test_only_a_leader_makes_a_major_hazard_a_general_one(desk: Desk) -> None:
    case_id = desk.to("assigned", level="major")
    lower = {"level": "general", "reason": "专家复核"}
    for judge in (desk.cast.dispatcher, desk.cast.supervisor):
        assert type(refused(desk, case_id, "regrade", judge, **lower)) is no.NotYourRole

    desk.fire(case_id, "regrade", desk.cast.leader, **lower)

    assert desk.case(case_id).level == "general"


def test_the_plan_may_also_come_before_the_start_was_declined_and_need_not_be_repeated(desk: Desk) -> None:
    case_id = desk.to("rectifying", level="major")
    unit = {"responsible_org_id": desk.cast.other_enterprise, "note": "归属有误"}
    desk.fire(case_id, "reassign", desk.cast.dispatcher, **unit)

    desk.fire(case_id, "start", desk.cast.other_enterprise_person)

    assert desk.case(case_id).state == "rectifying"


def test_a_unit_nobody_knows_cannot_be_made_responsible(desk: Desk) -> None:
    case_id = desk.open()
    nobody = {"responsible_org_id": "0" * 32}
    assert said(refused(desk, case_id, "assign", desk.cast.dispatcher, **nobody)) == (
        no.UnknownOrganisation,
        "responsible_org_id",
    )
    lead = {"responsible_org_id": desk.cast.enterprise, "lead_org_id": "0" * 32}
    assert said(refused(desk, case_id, "assign", desk.cast.dispatcher, **lead)) == (
        no.UnknownOrganisation,
        "lead_org_id",
    )


@on_sqlite
@pytest.mark.parametrize(
    ("trigger", "state", "given", "missing"),
    [
        ("assign", "discovered", {}, "responsible_org_id"),
        ("decline", "assigned", {}, "reason"),
        ("reassign", "assigned", {"responsible_org_id": "…"}, "note"),
        ("submit", "rectifying", {"evidence": ("a" * 64,)}, "measures"),
        ("submit", "rectifying", {"measures": "已清除"}, "evidence"),
        ("reject", "submitted", {}, "note"),
        ("verify", "submitted", {}, "second_officer"),
        ("reopen", "closed", {}, "reason"),
        ("transfer", "discovered", {"reason": "不归我们"}, "agency"),
        ("transfer", "discovered", {"agency": "消防"}, "reason"),
        ("report", "assigned", {}, "note"),
        ("request_extension", "assigned", {"reason": "雨季", "control_measures": "停用"}, "extend_to"),
        ("request_extension", "assigned", {"extend_to": date(2026, 4, 5), "reason": "雨季"}, "control_measures"),
        ("refuse_extension", "assigned", {}, "note"),
    ],
)
def test_a_move_without_what_it_brings_names_the_field(
    desk: Desk, trigger: str, state: str, given: dict[str, Any], missing: str
) -> None:
    case_id = desk.to(state)
    by = {"responsible": desk.cast.enterprise_person, "inspector": desk.cast.inspector,
          "supervisor": desk.cast.supervisor, "dispatcher": desk.cast.dispatcher}  # fmt: skip
    row = HAZARD.move(trigger, state)
    assert row is not None
    actor = next(person for role, person in by.items() if role in row.who)

    refusal = refused(desk, case_id, trigger, actor, **given)

    assert said(refusal) == (no.Missing, missing)
    assert refusal.right


@on_sqlite
@pytest.mark.parametrize("state", ["discovered", "assigned", "rectifying", "submitted", "verified", "closed"])
def test_a_move_the_table_does_not_have_there_is_illegal_and_says_what_is_possible(desk: Desk, state: str) -> None:
    case_id = desk.to(state)
    possible = {move.trigger for move in HAZARD.moves_from(state)}
    for trigger in sorted(set(HAZARD.by_trigger) - possible):
        refusal = refused(desk, case_id, trigger, desk.cast.supervisor)
        assert type(refusal) is no.IllegalMove
        assert HAZARD.states[state] in (refusal.right or "")


def test_a_trigger_nobody_has_heard_of_is_refused(desk: Desk) -> None:
    assert type(refused(desk, desk.open(), "explode", desk.cast.supervisor)) is no.UnknownTrigger


PEOPLE = ("inspector", "dispatcher", "supervisor", "leader", "enterprise_person")
ROLES = {Role.INSPECTOR: "inspector", Role.DISPATCHER: "dispatcher", Role.SUPERVISOR: "supervisor",
         Role.LEADER: "leader", Role.RESPONSIBLE: "enterprise_person"}  # fmt: skip


@on_sqlite
@pytest.mark.parametrize("state", ["discovered", "assigned", "rectifying", "submitted", "verified", "closed"])
def test_only_who_holds_a_role_of_the_row_may_fire_it(desk: Desk, state: str) -> None:
    case_id = desk.to(state)
    for move in HAZARD.moves_from(state):
        for name in set(PEOPLE) - {ROLES[role] for role in move.who if role in ROLES}:
            assert type(refused(desk, case_id, move.trigger, getattr(desk.cast, name))) is no.NotYourRole


def foreigners(cast: Cast) -> list[Actor]:
    """People with the right role for another place or sector, or of another unit."""
    return [cast.other_enterprise_person, cast.admin, replace_place(cast.inspector, cast.other_town)]


def replace_place(actor: Actor, place: str) -> Actor:
    held = tuple(type(h)(h.role, place, h.sector) for h in actor.held)
    return Actor(actor.id + "x", actor.name, place, held)


def test_a_case_that_one_may_not_see_does_not_exist(desk: Desk) -> None:
    case_id = desk.to("rectifying")
    for stranger in foreigners(desk.cast):
        assert type(refused(desk, case_id, "submit", stranger, measures="x")) is no.UnknownCase
    assert type(refused(desk, "f" * 32, "submit", desk.cast.inspector)) is no.UnknownCase


def test_who_mended_does_not_check(desk: Desk) -> None:
    case_id = desk.to("rectifying")
    sha256 = desk.photo(case_id, desk.cast.inspector)
    desk.fire(case_id, "submit", desk.cast.inspector, evidence=(sha256,), measures="检查员代填")

    second = {"second_officer": desk.cast.second_inspector.id}
    assert type(refused(desk, case_id, "verify", desk.cast.inspector, **second)) is no.OwnWork
    assert type(refused(desk, case_id, "reject", desk.cast.inspector, note="不合格")) is no.OwnWork
    desk.fire(case_id, "verify", desk.cast.second_inspector, second_officer=desk.cast.town_inspector.id)


def test_who_mended_is_no_second_officer_either(desk: Desk) -> None:
    case_id = desk.to("rectifying")
    sha256 = desk.photo(case_id, desk.cast.inspector)
    desk.fire(case_id, "submit", desk.cast.inspector, evidence=(sha256,), measures="检查员代填")

    own = {"second_officer": desk.cast.inspector.id}
    assert type(refused(desk, case_id, "verify", desk.cast.second_inspector, **own)) is no.NeedsSecondOfficer


def also_supervisor(desk: Desk, actor: Actor) -> Actor:
    """The same officer with a supervisor's role added."""
    with write_session(desk.engine) as session:
        grant(session, person_id=actor.id, role=Role.SUPERVISOR, org_id=desk.cast.district, now=desk.clock.now)
    return type(actor)(actor.id, actor.name, actor.org_id, (*actor.held, *desk.cast.supervisor.held))


def test_neither_officer_who_checked_closes(desk: Desk) -> None:
    case_id = desk.to("verified")
    for officer in (desk.cast.inspector, desk.cast.second_inspector):
        assert type(refused(desk, case_id, "close", also_supervisor(desk, officer))) is no.OwnWork
    desk.close(case_id)


def test_whoever_submitted_closes_nothing_though_a_supervisor(desk: Desk) -> None:
    case_id = desk.to("rectifying")
    officer = also_supervisor(desk, desk.cast.town_inspector)
    sha256 = desk.photo(case_id, officer)
    desk.fire(case_id, "submit", officer, evidence=(sha256,), measures="镇里代填")
    desk.verify(case_id)

    assert type(refused(desk, case_id, "close", officer)) is no.OwnWork


def own_house(desk: Desk, state: str) -> str:
    """A hazard of the bureau's own: it is the responsible unit."""
    case_id = desk.open()
    desk.fire(case_id, "assign", desk.cast.dispatcher, responsible_org_id=desk.cast.bureau)
    if state == "assigned":
        return case_id
    desk.fire(case_id, "start", desk.cast.inspector)
    sha256 = desk.photo(case_id, desk.cast.dispatcher)
    desk.fire(case_id, "submit", desk.cast.dispatcher, evidence=(sha256,), measures="自查自改")
    return case_id


def test_the_unit_that_mended_judges_nothing_about_it_by_any_of_its_people(desk: Desk) -> None:
    case_id = own_house(desk, "submitted")
    second = {"second_officer": desk.cast.town_inspector.id}

    assert type(refused(desk, case_id, "verify", desk.cast.inspector, **second)) is no.OwnOrganisation
    assert type(refused(desk, case_id, "reject", desk.cast.inspector, note="不行")) is no.OwnOrganisation
    own = {"second_officer": desk.cast.second_inspector.id}
    assert type(refused(desk, case_id, "verify", desk.cast.town_inspector, **own)) is no.NeedsSecondOfficer


def test_a_unit_does_not_grant_itself_more_time(desk: Desk) -> None:
    case_id = own_house(desk, "assigned")
    ask = {"extend_to": date(2026, 4, 20), "reason": "雨季", "control_measures": "停用"}
    desk.fire(case_id, "request_extension", desk.cast.inspector, **ask)

    assert type(refused(desk, case_id, "grant_extension", desk.cast.supervisor)) is no.OwnOrganisation
    assert type(refused(desk, case_id, "refuse_extension", desk.cast.supervisor, note="不行")) is no.OwnOrganisation


def outsider(desk: Desk) -> Actor:
    with write_session(desk.engine) as session:
        made = add_person(session, login="new", name="新人", org_id=desk.cast.bureau, now=desk.clock.now)
    return Actor(made.id, made.name, made.org_id)


def test_the_second_officer_is_another_inspector_of_the_place_or_nobody(desk: Desk) -> None:
    case_id = desk.to("submitted")
    with write_session(desk.engine) as session:
        disable_person(session, desk.cast.second_inspector.id, now=desk.clock.now)
    wrong = {
        "the first again": desk.cast.inspector,
        "disabled": desk.cast.second_inspector,
        "no inspector": desk.cast.supervisor,
        "of another place": desk.cast.fire_inspector,
        "of the unit": desk.cast.enterprise_person,
        "without a role": outsider(desk),
    }
    for why, person in wrong.items():
        refusal = refused(desk, case_id, "verify", desk.cast.inspector, second_officer=person.id)
        assert said(refusal) == (no.NeedsSecondOfficer, "second_officer"), why
    assert type(refused(desk, case_id, "verify", desk.cast.inspector, second_officer="?")) is no.NeedsSecondOfficer


def test_evidence_counts_only_when_it_has_arrived_after_and_in_this_cycle(desk: Desk) -> None:
    case_id = desk.to("rectifying")
    submit = {"measures": "已清除"}
    before = desk.photo(case_id, desk.cast.inspector, phase="before")
    for evidence in (("a" * 64,), (before,)):
        refusal = refused(desk, case_id, "submit", desk.cast.enterprise_person, evidence=evidence, **submit)
        assert said(refusal) == (no.EvidenceNotArrived, "evidence")
        assert refusal.facts["absent"] == list(evidence)
    arrived = desk.photo(case_id, desk.cast.enterprise_person)
    half = refused(desk, case_id, "submit", desk.cast.enterprise_person, evidence=(arrived, "a" * 64), **submit)
    assert half.facts["absent"] == ["a" * 64]
    desk.fire(case_id, "submit", desk.cast.enterprise_person, evidence=(arrived,), **submit)


def test_a_photo_of_the_last_cycle_proves_nothing_after_a_relapse(desk: Desk) -> None:
    case_id = desk.to("closed")
    old = desk.all(Event, Event.case_id == case_id, Event.trigger == "attach")[0].body.split('"sha256":"')[1][:64]
    desk.fire(case_id, "reopen", desk.cast.inspector, reason="又堵上了")
    desk.start(case_id)

    refusal = refused(desk, case_id, "submit", desk.cast.enterprise_person, evidence=(old,), measures="同上")

    assert type(refusal) is no.EvidenceNotArrived


def test_a_general_hazard_needs_no_leader_and_a_major_one_needs_him_once(desk: Desk) -> None:
    general, major = desk.to("verified"), desk.to("verified", level="major")

    assert type(refused(desk, general, "sign_off", desk.cast.leader)) is no.OnlyMajor
    assert type(refused(desk, major, "close", desk.cast.supervisor)) is no.NeedsSignOff
    desk.fire(major, "sign_off", desk.cast.leader)
    assert type(refused(desk, major, "sign_off", desk.cast.leader)) is no.AlreadySigned


def test_a_relapse_needs_a_new_plan_and_a_new_sign_off(desk: Desk) -> None:
    case_id = desk.to("closed", level="major")
    desk.fire(case_id, "reopen", desk.cast.inspector, reason="复发")
    assert type(refused(desk, case_id, "start", desk.cast.enterprise_person)) is no.NeedsFiveElements
    desk.start(case_id, **PLAN)
    desk.submit(case_id)
    desk.verify(case_id)

    assert type(refused(desk, case_id, "close", desk.cast.supervisor)) is no.NeedsSignOff


def test_not_mine_is_said_within_two_working_days_or_not_at_all(desk: Desk) -> None:
    early, late = desk.to("assigned"), desk.to("assigned")
    desk.clock.advance(days=1, hours=23)
    desk.fire(early, "decline", desk.cast.enterprise_person, reason="不是我们的楼")
    desk.clock.advance(hours=1)

    assert type(refused(desk, late, "decline", desk.cast.enterprise_person, reason="不是我们的楼")) is no.DeclineTooLate


@pytest.mark.parametrize(
    ("data", "refusal", "field"),
    [
        ({}, no.NeedsDuplicateOrReason, "reason"),
        ({"duplicate_of": "f" * 32}, no.UnknownDuplicate, "duplicate_of"),
        ({"duplicate_of": "itself"}, no.UnknownDuplicate, "duplicate_of"),
        ({"duplicate_of": "voided"}, no.UnknownDuplicate, "duplicate_of"),
        ({"duplicate_of": "an incident"}, no.UnknownDuplicate, "duplicate_of"),
    ],
)
def test_a_void_says_why_or_what_it_repeats(
    desk: Desk, data: dict[str, str], refusal: type[no.Refusal], field: str
) -> None:
    case_id, gone, other = desk.open(), desk.open(), desk.open()
    desk.fire(gone, "void", desk.cast.dispatcher, reason="录入错误")
    with tools(desk.engine) as run:
        run("UPDATE cases SET workflow = 'incident' WHERE id = :id", id=other)
    named = {"itself": case_id, "voided": gone, "an incident": other}
    data = {name: named.get(value, value) for name, value in data.items()}

    assert said(refused(desk, case_id, "void", desk.cast.dispatcher, **data)) == (refusal, field)


def test_a_duplicate_points_at_what_it_repeats(desk: Desk) -> None:
    first, twin = desk.open(), desk.open()

    desk.fire(twin, "void", desk.cast.dispatcher, duplicate_of=first)

    assert (desk.case(twin).state, desk.case(twin).duplicate_of) == ("voided", first)


@on_sqlite
def test_a_duplicate_repeats_only_what_its_judge_can_see(desk: Desk) -> None:
    """Else ids could be tried until one is taken, and a hazard vanish behind one that nobody at the desk can read."""
    cast, now, mine, seen = desk.cast, desk.clock.now, desk.open(), desk.open()
    elsewhere = NewHazard(
        description="灭火器失压", district_id=cast.district, town_id=cast.other_town,
        enterprise_id=cast.other_enterprise, found_at=now,
    )  # fmt: skip
    with write_session(desk.engine) as session:
        theirs = open_cases(session, desk.rules, [elsewhere], actor=cast.inspector, now=now)[0].after.id
        grant(session, person_id=cast.town_inspector.id, role=Role.DISPATCHER, org_id=cast.town, now=now)
        judge = actor_of(session, cast.town_inspector.id)

    assert said(refused(desk, mine, "void", judge, duplicate_of=theirs)) == (no.UnknownDuplicate, "duplicate_of")
    desk.fire(mine, "void", judge, duplicate_of=seen)


def test_a_stale_page_is_told_what_happened_meanwhile(desk: Desk) -> None:
    case_id = desk.to("assigned")
    seen = desk.case(case_id).version
    desk.start(case_id)

    refusal = refused(desk, case_id, "decline", desk.cast.enterprise_person, reason="不归我们", version=seen)

    assert type(refusal) is no.StaleVersion
    assert refusal.status == 412
    assert [line["label"] for line in refusal.facts["meanwhile"]] == ["开始整改"]


def test_photos_and_rungs_spoil_nobodys_page(desk: Desk) -> None:
    case_id = desk.to("assigned")
    seen = desk.case(case_id).version
    desk.photo(case_id, desk.cast.inspector)
    desk.live(40)

    desk.fire(case_id, "start", desk.cast.enterprise_person, version=seen)


def test_every_refusal_speaks_chinese_and_says_what_would_be_right() -> None:
    names = [value for value in vars(no).values() if isinstance(value, type) and issubclass(value, no.Refusal)]
    for name in names:
        message = name().message
        assert message.endswith("。"), name
        assert not any(c.isascii() and c.isalpha() for c in message), name
