"""After a month of everything at once, with faults and stops, nothing is lost, doubled, early, unseen or unproved.

`HAZARDLOOP_SEED` repeats a month; a year is lived by `make soak`.
"""

import os
import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from models import Case, Event, Rung
from models.database import read_session
from tests.desk import Desk
from tests.hard.conftest import house_over
from tests.hard.month import Month
from workflow import directory
from workflow.workflows import WORKFLOWS

SEED = int(os.environ.get("HAZARDLOOP_SEED", "20261123"))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_month_of_all_workflows_with_faults_leaves_nothing_wrong(desk: Desk, tmp_path: Path) -> None:
    endure(desk, tmp_path, days=30)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_some_days_of_all_workflows_on_a_server_leave_nothing_wrong(desk: Desk, tmp_path: Path) -> None:
    endure(desk, tmp_path, days=2)


@pytest.mark.soak
def test_a_year_of_all_workflows_with_faults_leaves_nothing_wrong(desk: Desk, tmp_path: Path) -> None:
    endure(desk, tmp_path, days=365)


def endure(desk: Desk, folder: Path, *, days: int) -> None:
    """So many days; the first faults, if there are any, with the seed that repeats them."""
    sys.stdout.write(f"{desk.engine.dialect.name}: HAZARDLOOP_SEED={SEED}\n")
    with read_session(desk.engine) as session:
        desk.rules = replace(desk.rules, directory=directory.load(session))
    month = Month(desk, house_over(desk.engine, folder / "data"), Random(SEED))

    found = list(islice(month.live(days), 20))
    tell(desk, month)

    assert found == []
    assert {known.workflow.name for known in month.walked.known.values()} == set(WORKFLOWS)
    assert all(month.cut.values()), "some kind of fault never happened"


def tell(desk: Desk, month: Month) -> None:
    """The figures, shown by pytest -rA or beside a failure."""
    told = {
        "requests": month.requests, "cut off": month.cut, "cases": desk.count(Case), "events": desk.count(Event),
        "rungs": desk.count(Rung, Rung.outcome == "fired"),
    }  # fmt: skip
    sys.stdout.write(f"{told}\n")
