"""Whatever anybody does in whatever order, every case stays whole: a random walk over the engine's public doors.

`--hypothesis-seed=N` repeats a run; `HAZARDLOOP_WALKS` says how many walks the soak takes.
"""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.desk import Desk
from tests.openers import BYWAYS, FOLLOWING, OPENERS, ROADS
from tests.walking import Walk
from workflow.workflows import WORKFLOWS

SOAK = int(os.environ.get("HAZARDLOOP_WALKS", "300"))


def walk(desk: Desk, walks: int, steps: int) -> None:
    chosen = settings(
        max_examples=walks, stateful_step_count=steps, deadline=None, print_blob=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(lambda: Walk(desk), settings=chosen)


@pytest.mark.parametrize(("database", "walks"), [("sqlite", 20), ("postgresql", 5)], indirect=["database"])
def test_no_sequence_of_moves_sweeps_and_imports_breaks_a_case(desk: Desk, walks: int) -> None:
    walk(desk, walks, steps=40)


@pytest.mark.soak
def test_no_long_sequence_of_moves_breaks_a_case_either(desk: Desk) -> None:
    walk(desk, SOAK, steps=100)


def test_every_workflow_is_walked_and_every_road_is_one_of_its_table() -> None:
    assert OPENERS.keys() | FOLLOWING == ROADS.keys() == BYWAYS.keys() == WORKFLOWS.keys()
    for name, table in WORKFLOWS.items():
        assert ROADS[name].keys() <= table.states.keys()
        assert {trigger for road in ROADS[name].values() for trigger in road} | {
            *BYWAYS[name]
        } <= table.by_trigger.keys()
