"""What guards ask for is what the loader knows, and a fact asked with the lock is the fact asked later."""

from models.database import read_session, write_session
from tests.desk import Desk
from workflow.attempt import Facts
from workflow.facts import ASKS, EACH, SHARED, Wanted, foreseen, load_facts
from workflow.fire import row_of
from workflow.load import lock_case, read_cases
from workflow.rounds.facts import LOADERS
from workflow.workflows import WORKFLOWS


def test_every_fact_that_a_guard_names_is_loaded_by_somebody_into_a_field_of_its_own() -> None:
    named = {f for table in WORKFLOWS.values() for m in table.moves for g in m.guards for f in g.facts}
    loaders = SHARED.keys() | EACH.keys() | LOADERS.keys()
    assert named <= loaders
    assert loaders <= set(Facts._fields)
    assert ASKS.keys() <= loaders


def test_what_comes_with_the_lock_is_what_would_be_asked_without_it(desk: Desk) -> None:
    case_id = desk.to("submitted")
    data = {"second_officer": desk.cast.town_inspector.id}
    with read_session(desk.engine) as session:
        case = read_cases(session, [case_id])[case_id]
        move = row_of(WORKFLOWS["hazard"], "verify", case.state)
        asked = load_facts(Wanted(session, {case_id: case}, (move,), data))[case_id]
    with write_session(desk.engine) as session:
        _, _, deadlines, found = lock_case(session, desk.rules, case_id, foreseen(case_id, "verify", data))
        came = load_facts(Wanted(session, {case_id: case}, (move,), data, found), deadlines={case_id: deadlines})
    assert found.keys() == {"evidence"}
    assert came[case_id] == asked
    assert len(asked.evidence) == 1


def test_a_case_that_is_not_there_is_not_locked_and_brings_no_facts(desk: Desk) -> None:
    with write_session(desk.engine) as session:
        case, _, deadlines, found = lock_case(session, desk.rules, "0" * 32, foreseen("0" * 32, "verify", {}))
    assert (case, deadlines, found) == (None, (), {})
