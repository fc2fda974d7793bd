"""Every way a listing may not go: each guard refuses by its name, and changes nothing."""

import pytest

from models import Link
from models.database import read_session
from tests.desk import PLAN, Desk
from tests.listingdesk import Listings
from workflow import refusals as common
from workflow.exits import exits
from workflow.facts import Wanted, load_facts
from workflow.listings import refusals as no
from workflow.listings.levels import LEVELS
from workflow.load import current, read_cases
from workflow.workflows import WORKFLOWS


@pytest.fixture
def listings(desk: Desk) -> Listings:
    return Listings(desk)


def covered(desk: Desk, case_id: str, kind: str = "covers") -> set[str]:
    return {link.to_id for link in desk.all(Link, Link.from_id == case_id, Link.kind == kind)}


def test_a_proposal_covers_open_hazards_that_its_proposer_sees_and_answers_for(listings: Listings) -> None:
    desk = listings.desk
    over = desk.to("closed")
    with pytest.raises(common.Missing):
        listings.propose(hazards=())
    hazard = desk.to("assigned")
    with pytest.raises(common.Missing):
        listings.propose(hazard, basis=" ")
    with pytest.raises(common.UnknownCase):
        listings.propose(hazard, by=desk.cast.fire_inspector)
    for outsider in (desk.cast.enterprise_person, desk.cast.inspector):
        with pytest.raises(common.NotYourRole):
            listings.propose(hazard, by=outsider)
    with pytest.raises(no.HazardNotOpen):
        listings.propose(hazard, over)
    with pytest.raises(common.SameLevel):
        listings.propose(hazard, level="county")
    with pytest.raises(common.UnknownOrganisation):
        listings.propose(hazard, lister_org_id="0" * 32)
    with pytest.raises(no.WrongBody):
        listings.propose(hazard, level="city", lister_org_id=desk.cast.district)
    with pytest.raises(common.UnknownCase):
        listings.propose(listings.propose(hazard))


def test_a_hazard_stands_under_listings_of_several_levels_but_once_at_each(listings: Listings) -> None:
    desk, hazard, other = listings.desk, listings.desk.to("assigned"), listings.desk.to("assigned")
    first = listings.propose(hazard)
    listings.propose(hazard, level="city")
    with pytest.raises(no.AlreadyListed):
        listings.propose(other, hazard)
    with pytest.raises(no.AlreadyListed):
        desk.fire(listings.propose(other), "cover", desk.cast.dispatcher, hazard_id=hazard)
    desk.fire(first, "void", desk.cast.dispatcher, reason="另行挂牌")
    listings.propose(hazard)


def test_a_notice_names_a_new_number_an_office_a_leader_and_dates_within_the_work(listings: Listings) -> None:
    desk, cast = listings.desk, listings.desk.cast
    used = listings.notice()
    desk.fire(listings.propose(), "list", cast.supervisor, **used)
    case_id = listings.propose()
    wrong = (
        (no.NoticeTaken, {"notice_number": used["notice_number"]}),
        (no.WordsTooLong, {"notice_number": "督" * 65}),
        (common.Missing, {"notice_number": ""}),
        (common.UnknownOrganisation, {"lead_org_id": "0" * 32}),
        (no.NotAnOffice, {"lead_org_id": cast.other_enterprise}),
        (no.NotAnOffice, {"lead_org_id": cast.town, "responsible_org_id": cast.town}),
        (no.NeedsSponsor, {"sponsor_id": cast.inspector.id}),
        (no.NeedsSponsor, {"sponsor_id": listings.city_leader.id}),
        (common.RectifyByOutOfRange, {"rectify_by": listings.day(120)}),
        (common.RectifyByOutOfRange, {"rectify_by": listings.day(-1)}),
        (no.PlanByOutOfRange, {"plan_by": listings.day(-1)}),
        (no.PlanByOutOfRange, {"plan_by": listings.day(70)}),
        (no.PlanByOutOfRange, {"plan_by": listings.day(30), "rectify_by": listings.day(20)}),
    )
    for refusal, said in wrong:
        with pytest.raises(refusal):
            listings.list(case_id, **said)
    with pytest.raises(common.NotYourRole):
        desk.fire(case_id, "list", cast.dispatcher, **listings.notice())
    assert desk.case(case_id).state == "discovered"


def test_a_leader_of_the_very_body_that_lists_may_sponsor_too(listings: Listings) -> None:
    case_id = listings.propose(level="city")
    listings.list(case_id, sponsor_id=listings.city_leader.id)
    assert listings.desk.case(case_id).sponsor_id == listings.city_leader.id


def test_a_listing_is_recorded_once_and_published_once(listings: Listings) -> None:
    desk, case_id = listings.desk, listings.to("assigned")
    for trigger, field in (("record", "recorded_with"), ("publish", "published_where")):
        with pytest.raises(no.WordsTooLong):
            desk.fire(case_id, trigger, desk.cast.supervisor, **{field: "市" * 201})
        desk.fire(case_id, trigger, desk.cast.supervisor, **{field: "市安委办"})
        with pytest.raises(no.AlreadyEntered):
            desk.fire(case_id, trigger, desk.cast.supervisor, **{field: "省安委办"})


def test_nobody_takes_two_steps_and_nobody_judges_the_work_of_their_own_unit(listings: Listings) -> None:
    desk, cast, case_id = listings.desk, listings.desk.cast, listings.to("rectifying")
    sha256 = desk.photo(case_id, cast.inspector)
    desk.fire(case_id, "submit", cast.inspector, evidence=(sha256,), measures="代为录入")
    for officer in (cast.dispatcher, cast.town_inspector):
        with pytest.raises(common.NotYourRole):
            desk.fire(case_id, "reject", officer, note="不合格")
    desk.fire(case_id, "accept_by_department", cast.fire_inspector)
    with pytest.raises((no.AlreadyEntered, no.OtherStepsWork)):
        desk.fire(case_id, "accept_by_department", cast.fire_inspector)
    desk.fire(case_id, "verify", cast.leader)
    with pytest.raises(no.OtherStepsWork):
        desk.fire(case_id, "close", cast.leader, published_where="区政府网站")


def test_what_the_bureau_itself_must_mend_others_accept(listings: Listings) -> None:
    desk, cast, case_id = listings.desk, listings.desk.cast, listings.propose()
    listings.list(case_id, responsible_org_id=cast.bureau)
    desk.fire(case_id, "file_plan", cast.duty_officer, **PLAN)
    desk.fire(case_id, "start", cast.duty_officer)
    sha256 = desk.photo(case_id, cast.duty_officer)
    desk.fire(case_id, "submit", cast.duty_officer, evidence=(sha256,), measures="已整改")
    desk.fire(case_id, "accept_by_department", cast.fire_inspector)
    with pytest.raises(common.OwnOrganisation):
        desk.fire(case_id, "verify", cast.supervisor)
    with pytest.raises(common.OwnOrganisation):
        desk.fire(case_id, "reject", cast.supervisor, note="不合格")


def test_only_who_takes_a_step_may_refuse_the_acceptance(listings: Listings) -> None:
    desk, hazard = listings.desk, listings.desk.to("assigned")
    city = listings.to("submitted", hazard, level="city")
    desk.fire(city, "reject", desk.cast.supervisor, note="区级抽查不合格")
    town = listings.to("submitted", hazard, level="town")
    with pytest.raises(no.NotYourStep):
        desk.fire(town, "reject", desk.cast.supervisor, note="区级抽查不合格")
    desk.fire(town, "reject", listings.town_supervisor, note="不合格")


def test_a_listing_is_handed_up_to_a_higher_body_which_alone_delists_it_and_its_clocks_are_counted_anew(
    listings: Listings,
) -> None:
    desk, cast, case_id = listings.desk, listings.desk.cast, listings.to("rectifying")
    up = {"level": "city", "lister_org_id": listings.city, "reason": "区级无力协调"}
    hazard = next(iter(covered(desk, case_id)))
    wrong = (
        (no.NotHigher, {"level": "town"}),
        (no.NotHigher, {"level": "district"}),
        (no.NotHigher, {"level": "云端"}),
        (common.UnknownOrganisation, {"lister_org_id": "0" * 32}),
        (no.WrongBody, {"lister_org_id": cast.town}),
        (no.WrongBody, {"lister_org_id": cast.district}),
    )
    for refusal, said in wrong:
        with pytest.raises(refusal):
            desk.fire(case_id, "hand_up", cast.supervisor, **(up | said))
    twin = listings.propose(hazard, level="city")
    with pytest.raises(no.AlreadyListed):
        desk.fire(case_id, "hand_up", cast.supervisor, **up)
    desk.fire(twin, "void", listings.city_leader, reason="由区级提级")
    before = desk.deadlines(case_id, "rectify")[0].due_at
    desk.fire(case_id, "hand_up", cast.supervisor, **up)
    case = desk.case(case_id)
    assert (case.state, case.level, case.lister_org_id) == ("rectifying", "city", listings.city)
    assert desk.deadlines(case_id, "rectify")[0].due_at == before
    assert listings.city_supervisor.id in {m.recipient_id for m in desk.messages(case_id) if m.template == "hand_up"}
    listings.submit(case_id)
    listings.accept(case_id)
    listings.finish(hazard)
    with pytest.raises(common.NotYourRole):
        desk.fire(case_id, "close", cast.leader, published_where="区政府网站")
    listings.delist(case_id)


def test_hazards_are_covered_and_taken_out_before_acceptance_and_the_last_one_stays(listings: Listings) -> None:
    desk, cast = listings.desk, listings.desk.cast
    first, second = desk.to("assigned"), desk.to("assigned")
    case_id = listings.to("rectifying", first)
    wrong = (
        (no.AlreadyCovered, first),
        (common.UnknownCase, "0" * 32),
        (common.UnknownCase, case_id),
        (no.HazardNotOpen, desk.to("closed")),
    )
    for refusal, named in wrong:
        with pytest.raises(refusal):
            desk.fire(case_id, "cover", cast.supervisor, hazard_id=named)
    out = {"reason": "另案处理"}
    for refusal, named in ((no.NotCovered, second), (no.LastHazard, first)):
        with pytest.raises(refusal):
            desk.fire(case_id, "uncover", cast.supervisor, hazard_id=named, **out)
    # In, out, in and out again: what once was covered stays on record.
    for _ in range(2):
        desk.fire(case_id, "cover", cast.dispatcher, hazard_id=second)
        assert covered(desk, case_id) == {first, second}
        desk.fire(case_id, "uncover", cast.supervisor, hazard_id=second, **out)
        assert covered(desk, case_id) == {first}
        assert covered(desk, case_id, "uncovered") == {second}
    listings.submit(case_id)
    with pytest.raises(common.IllegalMove):
        desk.fire(case_id, "cover", cast.supervisor, hazard_id=second)


def test_in_every_state_everybodys_exits_can_be_read_without_a_lock(listings: Listings) -> None:
    desk = listings.desk
    for state in ("discovered", "rectifying", "submitted", "verified"):
        case_id = listings.to(state, level="city")
        with read_session(desk.engine) as session:
            case = read_cases(session, [case_id])[case_id]
            moves = list(WORKFLOWS["listing"].moves_from(state))
            facts = load_facts(Wanted(session, {case_id: case}, moves, {}))[case_id]
            rules = current(session, desk.rules, None)
            for actor in (listings.city_leader, desk.cast.supervisor, desk.cast.enterprise_person):
                assert exits(case, facts, rules, actor=actor, now=desk.clock.now)


def test_whatever_is_named_no_move_of_a_listing_breaks(listings: Listings) -> None:
    desk, cast = listings.desk, listings.desk.cast
    junk = {
        "hazard_id": "x", "level": "x", "lister_org_id": "x", "sponsor_id": "x", "lead_org_id": "x", "reason": "x",
        "responsible_org_id": "x", "notice_number": "x", "published_where": "x", "recorded_with": "x", "note": "x",
        "progress": "x", "agency": "x", "duplicate_of": "x", "evidence": ("x",), "measures": "x",
        "second_officer": "x", "plan_by": listings.day(9), "extend_to": listings.day(9), "control_measures": "x",
    }  # fmt: skip
    quiet = {"start", "file_plan", "progress", "record", "publish", "accept_by_department", "void", "suspend"}
    for state in ("discovered", "assigned", "rectifying", "submitted", "verified"):
        case_id = listings.to(state, level="city")
        for move in WORKFLOWS["listing"].moves_from(state):
            if move.trigger in quiet | {"transfer", "reject", "accept_by_district"}:
                continue
            for actor in (listings.city_supervisor, listings.city_leader, cast.supervisor, cast.enterprise_person):
                with pytest.raises(common.Refusal):
                    desk.fire(case_id, move.trigger, actor, **junk)
        if state != "submitted" and state != "verified":
            desk.fire(case_id, "void", listings.city_leader, **junk)
            assert desk.case(case_id).duplicate_of is None


def test_levels_are_those_of_the_listings_own_order() -> None:
    assert list(LEVELS) == ["town", "district", "city", "province"]
