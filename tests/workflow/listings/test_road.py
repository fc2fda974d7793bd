"""A listing's road from proposal to delisting (挂牌督办), its clocks, and who is told."""

from dataclasses import replace

import pytest

from models import Listing
from models.database import read_session
from tests.desk import PLAN, Desk
from tests.listingdesk import Listings
from workflow import refusals as common
from workflow.calendar import statutory
from workflow.directory import EMPTY
from workflow.listings import refusals as no
from workflow.profile import shipped
from workflow.rules import Rules
from workflow.verify import verify


@pytest.fixture
def listings(desk: Desk) -> Listings:
    return Listings(desk)


def words(desk: Desk, case_id: str) -> Listing:
    return desk.all(Listing, Listing.case_id == case_id)[0]


@pytest.mark.parametrize("level", ["district", "city"])
def test_a_listing_is_proposed_listed_worked_off_accepted_in_steps_and_delisted(listings: Listings, level: str) -> None:
    desk, hazard = listings.desk, listings.desk.to("assigned")
    case_id = listings.to("rectifying", hazard, level=level)
    desk.fire(case_id, "record", listings.chief(level), recorded_with="市安委办")
    desk.fire(case_id, "publish", listings.chief(level), published_where="区政府网站")
    listings.submit(case_id)
    listings.accept(case_id)
    listings.finish(hazard)
    listings.delist(case_id)
    case = desk.case(case_id)
    assert (case.state, case.next_due_at, case.cycle) == ("closed", None, 1)
    outcomes = {d.name: d.outcome for d in desk.deadlines(case_id)}
    assert outcomes.pop("progress") == "withdrawn"
    assert set(outcomes) == {
        "list", "plan", "rectify", "record", "publish", "accept", "delist", "publish_delisting",
    }  # fmt: skip
    assert set(outcomes.values()) == {"met"}
    assert words(desk, case_id).delisting_published_where == "区政府网站"
    with read_session(desk.engine) as session:
        assert verify(session).sound


def test_closing_the_hazard_does_not_delist_and_delisting_needs_all_hazards_closed(listings: Listings) -> None:
    desk = listings.desk
    first, second, wrong = (desk.to("assigned") for _ in range(3))
    case_id = listings.to("verified", first, second, wrong)
    listings.finish(first)
    desk.fire(wrong, "void", desk.cast.supervisor, reason="登记错误")
    with pytest.raises(no.HazardsStillOpen, match=f"其余1件隐患（共3件）：{desk.case(second).number}$"):
        listings.delist(case_id)
    desk.start(second)
    desk.submit(second)
    desk.verify(second)
    with pytest.raises(no.HazardsStillOpen):
        listings.delist(case_id)
    desk.close(second)
    assert desk.case(case_id).state == "verified"
    listings.delist(case_id)
    assert desk.case(case_id).state == "closed"


def test_who_lists_delists_and_nobody_else(listings: Listings) -> None:
    desk, hazard = listings.desk, listings.desk.to("assigned")
    case_id = listings.to("verified", hazard, level="city")
    listings.finish(hazard)
    for officer in (desk.cast.leader, desk.cast.supervisor, desk.cast.dispatcher, desk.cast.enterprise_person):
        with pytest.raises(common.NotYourRole):
            desk.fire(case_id, "close", officer, published_where="市政府网站")
    with pytest.raises(no.OtherStepsWork):
        desk.fire(case_id, "close", listings.city_supervisor, published_where="市政府网站")
    desk.fire(case_id, "close", listings.city_leader, published_where="市政府网站")
    assert desk.case(case_id).closed_by == listings.city_leader.id


def test_a_failed_acceptance_keeps_the_listing_alive_and_the_second_proposes_a_talk_and_a_bulletin(
    listings: Listings,
) -> None:
    desk, case_id = listings.desk, listings.to("rectifying")
    due_at = desk.deadlines(case_id, "rectify")[0].due_at
    for failures in (1, 2, 3):
        listings.submit(case_id)
        desk.fire(case_id, "accept_by_department", desk.cast.fire_inspector)
        desk.fire(case_id, "reject", desk.cast.supervisor, note="仍有缺口")
        case, (rectify,) = desk.case(case_id), desk.deadlines(case_id, "rectify")
        assert (case.state, case.rejections) == ("rectifying", failures)
        assert (rectify.due_at, rectify.outcome, rectify.held_at) == (due_at, None, None)
        assert words(desk, case_id).department_accepted_at is None
        proposed = {(act.kind, act.deadline_id, act.basis) for act in desk.acts(case_id)}
        two = {("talk", None, "验收2次不合格"), ("bulletin", None, "验收2次不合格")}
        assert proposed == (set() if failures == 1 else two)
    assert len(desk.acts(case_id)) == 2


def test_the_city_accepts_after_the_district_and_the_district_after_the_department(listings: Listings) -> None:
    desk, case_id = listings.desk, listings.to("submitted", level="city")
    with pytest.raises(no.NeedsStepsBelow, match="督办部门"):
        desk.fire(case_id, "accept_by_district", desk.cast.supervisor)
    with pytest.raises(no.NeedsStepsBelow, match="督办部门"):
        desk.fire(case_id, "verify", listings.city_supervisor)
    desk.fire(case_id, "accept_by_department", desk.cast.fire_inspector)
    with pytest.raises(no.NeedsStepsBelow, match="区级"):
        desk.fire(case_id, "verify", listings.city_supervisor)
    with pytest.raises(no.NotYourStep):
        desk.fire(case_id, "accept_by_district", listings.city_supervisor)
    desk.fire(case_id, "accept_by_district", desk.cast.supervisor)
    for step, officer in (("accept_by_department", "fire_inspector"), ("accept_by_district", "supervisor")):
        with pytest.raises((no.AlreadyEntered, no.OtherStepsWork)):
            desk.fire(case_id, step, getattr(desk.cast, officer))
    desk.fire(case_id, "verify", listings.city_supervisor)
    assert desk.case(case_id).state == "verified"


def test_the_district_takes_no_step_of_its_own_in_what_it_lists_itself(listings: Listings) -> None:
    case_id = listings.to("submitted")
    with pytest.raises(no.OnlyAboveDistrict):
        listings.desk.fire(case_id, "accept_by_district", listings.desk.cast.supervisor)


def test_without_a_filed_plan_nobody_applies_for_acceptance(listings: Listings) -> None:
    desk, case_id = listings.desk, listings.to("assigned")
    desk.fire(case_id, "start", desk.cast.enterprise_person)
    with pytest.raises(no.NeedsFiledPlan):
        desk.submit(case_id)
    for name in PLAN:
        with pytest.raises(common.Missing, match=name):
            desk.fire(case_id, "file_plan", desk.cast.enterprise_person, **(PLAN | {name: ""}))
    desk.fire(case_id, "file_plan", desk.cast.enterprise_person, **PLAN)
    desk.submit(case_id)
    assert desk.deadlines(case_id, "plan")[0].outcome == "met"


def test_a_plan_is_owed_by_its_own_date_and_is_late_after_it(listings: Listings) -> None:
    desk, case_id = listings.desk, listings.propose()
    listings.list(case_id, plan_by=listings.day(5), rectify_by=listings.day(40))
    desk.live(7)
    (plan,) = desk.deadlines(case_id, "plan")
    assert plan.breached_at == plan.due_at
    listings.start(case_id)
    assert desk.deadlines(case_id, "plan")[0].outcome == "missed"


def test_a_progress_report_each_quarter_renews_its_own_promise(listings: Listings) -> None:
    desk, case_id = listings.desk, listings.to("rectifying")
    desk.clock.advance(days=80)
    desk.fire(case_id, "progress", desk.cast.enterprise_person, progress="已完成主体改造")
    first, second = desk.deadlines(case_id, "progress")
    assert (first.outcome, second.outcome, second.anchor_at) == ("met", None, desk.clock.now)
    desk.clock.advance(days=95)
    desk.sweep()
    assert desk.deadlines(case_id, "progress")[1].breached_at is not None


def test_overdue_work_climbs_to_the_sponsor_and_the_lister_and_proposes_a_bulletin_and_case_filing(
    listings: Listings,
) -> None:
    desk, case_id = listings.desk, listings.to("assigned")
    desk.live(60 + 20)
    told = {m.template: m.recipient_id for m in desk.messages(case_id) if m.recipient_id}
    assert told["rectify.sponsor"] == desk.cast.leader.id
    assert told["rectify.lister"] == desk.cast.supervisor.id
    assert [act.kind for act in desk.acts(case_id)] == ["bulletin", "case_filing"]
    assert desk.case(case_id).state == "assigned"


def test_the_body_that_lists_is_told_though_it_stands_above_the_district(listings: Listings) -> None:
    case_id = listings.propose(level="city")
    assert {m.recipient_id for m in listings.desk.messages(case_id)} == {listings.city_supervisor.id}


def test_more_time_is_asked_for_early_by_the_unit_and_granted_by_the_body_that_listed(listings: Listings) -> None:
    desk, case_id = listings.desk, listings.to("rectifying", level="city")
    asked = {"reason": "设备未到货", "control_measures": "专人值守"}
    with pytest.raises(common.ExtensionTooLong):
        desk.fire(case_id, "request_extension", desk.cast.enterprise_person, extend_to=listings.day(200), **asked)
    desk.fire(case_id, "request_extension", desk.cast.enterprise_person, extend_to=listings.day(100), **asked)
    with pytest.raises(common.NotYourRole):
        desk.fire(case_id, "grant_extension", desk.cast.supervisor)
    desk.fire(case_id, "grant_extension", listings.city_supervisor)
    (rectify,) = desk.deadlines(case_id, "rectify")
    assert (rectify.moves, desk.deadlines(case_id, "extension")[0].outcome) == (1, "met")
    desk.clock.advance(days=95)
    with pytest.raises(common.ExtensionTooLate):
        desk.fire(case_id, "request_extension", desk.cast.enterprise_person, extend_to=listings.day(30), **asked)


def test_while_a_listing_is_suspended_its_work_stands_still_and_the_lister_must_look_again(listings: Listings) -> None:
    desk, case_id = listings.desk, listings.to("rectifying")
    due_at = desk.deadlines(case_id, "rectify")[0].due_at
    desk.fire(case_id, "suspend", desk.cast.supervisor, reason="停工待检")
    desk.live(35)
    assert desk.deadlines(case_id, "suspension")[0].breached_at is not None
    assert desk.deadlines(case_id, "rectify")[0].breached_at is None
    desk.fire(case_id, "resume", desk.cast.supervisor, note="检测合格")
    assert desk.deadlines(case_id, "rectify")[0].due_at > due_at
    assert desk.case(case_id).state == "rectifying"


def test_handed_up_what_still_runs_is_counted_by_the_higher_levels_limit_and_a_named_date_stands(
    desk: Desk,
) -> None:
    listings = Listings(replace(desk, rules=Rules(shipped("hangzhou"), statutory(), EMPTY)))
    free, dated = listings.to("assigned"), listings.propose()
    listings.list(dated, rectify_by=listings.day(30))
    for case_id, days in ((free, 100), (dated, 30)):
        (before,) = desk.deadlines(case_id, "rectify")
        up = {"level": "city", "lister_org_id": listings.city, "reason": "区级无力协调"}
        listings.desk.fire(case_id, "hand_up", desk.cast.supervisor, **up)
        (after,) = desk.deadlines(case_id, "rectify")
        assert (after.due_at - before.anchor_at).days == days
        assert [d.outcome for d in desk.deadlines(case_id, "list")] == ["met"]


def test_a_proposal_goes_to_another_body_and_its_answer_is_awaited(listings: Listings) -> None:
    desk, case_id = listings.desk, listings.propose()
    desk.fire(case_id, "transfer", desk.cast.supervisor, agency="市住建局", reason="职责在住建")
    assert [d.name for d in desk.deadlines(case_id) if d.outcome is None] == ["reply"]
    desk.fire(case_id, "take_back", desk.cast.dispatcher, note="回函：由本区挂牌")
    assert [d.name for d in desk.deadlines(case_id) if d.outcome is None] == ["list"]


def test_what_is_listed_is_voided_by_the_body_that_listed_it_alone(listings: Listings) -> None:
    desk = listings.desk
    proposed, listed = listings.propose(), listings.to("assigned", level="city")
    desk.fire(proposed, "void", desk.cast.dispatcher, reason="已另行处理")
    with pytest.raises(common.NotYourRole):
        desk.fire(listed, "void", desk.cast.supervisor, reason="不应挂牌")
    desk.fire(listed, "void", listings.city_leader, reason="不应挂牌")
    assert (desk.case(proposed).state, desk.case(listed).state) == ("voided", "voided")
