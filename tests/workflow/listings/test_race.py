"""Two at once: a hazard is reopened while its listing delists, one number is used twice, one hazard is listed twice."""

from collections.abc import Callable
from threading import Event, Thread

from sqlalchemy.orm import Session

from models.database import read_session, write_session
from tests.desk import Desk
from tests.listingdesk import Listings
from workflow.decide import decide, row_of
from workflow.facts import Wanted, load_facts
from workflow.fire import fire
from workflow.listings.opening import NewListing, propose
from workflow.load import current, read_cases
from workflow.workflows import WORKFLOWS
from workflow.write import write

PATIENCE = 0.5
Act = Callable[[Session], object]


def one_after_the_other(desk: Desk, first: Act, second: Act) -> tuple[str, str]:
    """The second begins when the first has done its work and not yet committed; how each came out."""
    worked, go_on, outcomes = Event(), Event(), dict[str, str]()

    def run(name: str, act: Act) -> None:
        try:
            with write_session(desk.engine) as session:
                act(session)
                if name == "first":
                    worked.set()
                    go_on.wait(timeout=60)
        except Exception as fault:
            outcomes[name] = type(fault).__name__
        else:
            outcomes[name] = "done"

    ahead, behind = (Thread(target=run, args=pair) for pair in (("first", first), ("second", second)))
    ahead.start()
    assert worked.wait(timeout=60)
    behind.start()
    behind.join(timeout=PATIENCE)
    waited = behind.is_alive()
    go_on.set()
    ahead.join(timeout=60)
    behind.join(timeout=60)
    assert waited, "the second did not wait for the first"
    return outcomes["first"], outcomes["second"]


def move(desk: Desk, case_id: str, trigger: str, by: str, **data: object) -> Act:
    actor, now = getattr(desk.cast, by), desk.clock.now
    return lambda session: fire(session, desk.rules, case_id, trigger, actor=actor, now=now, **data)


def accepted(desk: Desk) -> tuple[str, str]:
    """A listing about to be delisted, and its hazard, which is closed."""
    listings, hazard = Listings(desk), desk.to("assigned")
    case_id = listings.to("verified", hazard)
    listings.finish(hazard)
    return case_id, hazard


def test_a_hazard_reopened_first_is_not_delisted(desk: Desk) -> None:
    case_id, hazard = accepted(desk)
    reopen = move(desk, hazard, "reopen", "supervisor", reason="回头看复发")
    delist = move(desk, case_id, "close", "leader", published_where="区政府网站")
    assert one_after_the_other(desk, reopen, delist) == ("done", "HazardsStillOpen")
    assert (desk.case(case_id).state, desk.case(hazard).state) == ("verified", "assigned")


def test_a_hazard_is_reopened_only_after_a_delisting_that_came_first(desk: Desk) -> None:
    case_id, hazard = accepted(desk)
    reopen = move(desk, hazard, "reopen", "supervisor", reason="回头看复发")
    delist = move(desk, case_id, "close", "leader", published_where="区政府网站")
    assert one_after_the_other(desk, delist, reopen) == ("done", "done")


def test_without_the_lock_on_its_hazards_a_listing_would_be_delisted_over_an_open_one(desk: Desk) -> None:
    case_id, hazard = accepted(desk)
    table, said = WORKFLOWS["listing"], {"published_where": "区政府网站"}
    with read_session(desk.engine) as session:
        cases = read_cases(session, [case_id])
        facts = load_facts(Wanted(session, cases, (row_of(table, "close", "verified"),), said))
        rules = current(session, desk.rules, None)
    desk.fire(hazard, "reopen", desk.cast.supervisor, reason="回头看复发")
    decision = decide(
        cases[case_id], facts[case_id], rules, "close", actor=desk.cast.leader, now=desk.clock.now, **said
    )
    with write_session(desk.engine) as session:
        write(session, (decision,))
    assert (desk.case(case_id).state, desk.case(hazard).state) == ("closed", "assigned")


def test_of_two_who_take_one_notice_number_the_second_is_refused_by_name(desk: Desk) -> None:
    listings = Listings(desk)
    notice = listings.notice()
    first, second = (move(desk, listings.propose(), "list", "supervisor", **notice) for _ in range(2))
    assert one_after_the_other(desk, first, second) == ("done", "NoticeTaken")


def test_of_two_who_list_one_hazard_at_one_level_the_second_is_refused_by_name(desk: Desk) -> None:
    hazard, other = desk.to("assigned"), Listings(desk).propose()
    new = NewListing(hazards=(hazard,), level="district", lister_org_id=desk.cast.district, basis="久拖不改")

    def proposing(session: Session) -> object:
        return propose(session, desk.rules, new, actor=desk.cast.dispatcher, now=desk.clock.now)

    covering = move(desk, other, "cover", "dispatcher", hazard_id=hazard)
    assert one_after_the_other(desk, proposing, covering) == ("done", "AlreadyListed")
