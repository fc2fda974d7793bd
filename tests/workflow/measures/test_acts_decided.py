"""Acts proposed by rungs and by hand: decided once, by somebody else, with a reason; what follows is opened at once."""

from collections import Counter
from threading import Barrier, Thread

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from models import Act, Case, Link, Listing
from models.database import read_session, write_session
from tests.desk import Desk
from tests.measuring import by_hand, overdue, proposed
from workflow import refusals as no
from workflow.acts import propose
from workflow.ladders import ACTS
from workflow.listings.refusals import AlreadyListed
from workflow.verify import verify


def measures(desk: Desk) -> int:
    """How many there are."""
    return desk.count(Case, Case.workflow == "measure")


def test_a_refused_act_leads_to_nothing(desk: Desk) -> None:
    hazard_id = overdue(desk)
    desk.decide_act(proposed(desk, hazard_id, "talk").id, "refused", desk.cast.supervisor, reason="昨日已整改")
    act = proposed(desk, hazard_id, "talk")
    assert (act.outcome, act.reason, act.led_to, measures(desk)) == ("refused", "昨日已整改", None, 0)


def test_an_accepted_exposure_waits_for_the_next_round(desk: Desk) -> None:
    hazard_id = overdue(desk)
    desk.decide_act(proposed(desk, hazard_id, "exposure").id, "accepted", desk.cast.supervisor)
    assert (proposed(desk, hazard_id, "exposure").led_to, measures(desk)) == (None, 0)


def test_an_accepted_listing_is_proposed_to_the_district_over_the_hazard(desk: Desk) -> None:
    hazard_id = overdue(desk, days=46)
    desk.decide_act(proposed(desk, hazard_id, "listing").id, "accepted", desk.cast.supervisor, reason="久拖不改")
    listing = desk.case(str(proposed(desk, hazard_id, "listing").led_to))
    assert (listing.workflow, listing.state, listing.level) == ("listing", "discovered", "district")
    assert listing.lister_org_id == desk.cast.district
    (words,) = desk.all(Listing, Listing.case_id == listing.id)
    assert words.basis == "超期15日，建议挂牌督办。采纳理由：久拖不改"
    assert [link.to_id for link in desk.all(Link, Link.from_id == listing.id, Link.kind == "covers")] == [hazard_id]


def test_a_hazard_that_is_listed_already_is_not_listed_again_and_the_proposal_stays(desk: Desk) -> None:
    hazard_id = desk.open()
    first, second = (by_hand(desk, hazard_id, "listing") for _ in range(2))
    desk.decide_act(first, "accepted", desk.cast.supervisor)
    with pytest.raises(AlreadyListed):
        desk.decide_act(second, "accepted", desk.cast.supervisor)
    assert {act.id: act.outcome for act in desk.acts(hazard_id)} == {first: "accepted", second: None}


def test_of_two_who_accept_at_once_one_wins_and_one_measure_is_ordered(desk: Desk) -> None:
    act_id = proposed(desk, overdue(desk), "talk").id
    start, outcomes = Barrier(2), Counter[str]()

    def accept() -> None:
        start.wait(timeout=60)
        try:
            desk.decide_act(act_id, "accepted", desk.cast.supervisor)
        except no.Refusal as refused:
            outcomes[type(refused).__name__] += 1
        else:
            outcomes["done"] += 1

    racers = [Thread(target=accept) for _ in range(2)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(timeout=120)
    assert outcomes == {"done": 1, "ActAlreadyDecided": 1}
    assert measures(desk) == 1


def test_a_withdrawn_act_is_accepted_no_more(desk: Desk) -> None:
    hazard_id = overdue(desk)
    act_id = proposed(desk, hazard_id, "talk").id
    desk.fire(hazard_id, "void", desk.cast.supervisor, reason="登记错误")
    with pytest.raises(no.ActAlreadyDecided):
        desk.decide_act(act_id, "accepted", desk.cast.supervisor)
    assert measures(desk) == 0


def test_a_decision_needs_a_reason_and_a_supervisor(desk: Desk) -> None:
    act_id = proposed(desk, overdue(desk), "talk").id
    with pytest.raises(no.Missing):
        desk.decide_act(act_id, "accepted", desk.cast.supervisor, reason=" ")
    with pytest.raises(no.NotYourRole):
        desk.decide_act(act_id, "accepted", desk.cast.inspector)


@pytest.mark.parametrize("kind", sorted(ACTS))
def test_an_officer_proposes_any_act_and_the_supervisor_is_told(desk: Desk, kind: str) -> None:
    hazard_id = desk.open()
    act_id = by_hand(desk, hazard_id, kind)
    (act,) = desk.acts(hazard_id)
    assert (act.id, act.kind, act.rung, act.proposed_by) == (act_id, kind, None, desk.cast.inspector.id)
    (told,) = (message for message in desk.messages(hazard_id) if message.template == "act.proposed")
    assert told.recipient_id == desk.cast.supervisor.id
    assert desk.case(hazard_id).version == 1
    with read_session(desk.engine) as session:
        assert verify(session).sound


def test_nobody_accepts_what_they_proposed_themselves_but_may_take_it_back(desk: Desk) -> None:
    chief = desk.cast.supervisor
    act_id = by_hand(desk, desk.open(), "talk", by=chief)
    with pytest.raises(no.ActOfYourOwn):
        desk.decide_act(act_id, "accepted", chief)
    # The database itself keeps such an act out.
    with pytest.raises(IntegrityError), write_session(desk.engine) as session:
        taken = {"outcome": "accepted", "decided_by": chief.id, "decided_at": desk.clock.now, "reason": "同意"}
        session.execute(update(Act).where(Act.id == act_id).values(**taken))
    desk.decide_act(act_id, "refused", chief, reason="另行处理")


@pytest.mark.parametrize(
    ("who", "state", "said", "refusal"),
    [
        ("enterprise_person", "discovered", {}, no.NotYourRole),
        ("leader", "discovered", {}, no.NotYourRole),
        ("other_enterprise_person", "discovered", {}, no.UnknownCase),
        ("inspector", "closed", {}, no.IllegalMove),
        ("inspector", "discovered", {"basis": " "}, no.Missing),
        ("inspector", "discovered", {"kind": "praise"}, no.ActNotAboutThis),
    ],
)
def test_a_proposal_is_an_officers_about_something_open_with_a_basis(
    desk: Desk, who: str, state: str, said: dict[str, str], refusal: type[no.Refusal]
) -> None:
    case_id = desk.to(state)
    asked = {"kind": "talk", "basis": "拒不整改", "actor": getattr(desk.cast, who), "now": desk.clock.now, **said}
    with pytest.raises(refusal), write_session(desk.engine) as session:
        propose(session, desk.rules, case_id, **asked)
    assert desk.acts(case_id) == []


def test_only_a_hazard_is_exposed_or_listed(desk: Desk) -> None:
    hazard_id = overdue(desk)
    desk.decide_act(proposed(desk, hazard_id, "talk").id, "accepted", desk.cast.supervisor)
    talk_id = str(proposed(desk, hazard_id, "talk").led_to)
    for kind in ("exposure", "listing"):
        with pytest.raises(no.ActNotAboutThis):
            by_hand(desk, talk_id, kind)
