"""The bench runs whole at tiny size; its figures mean nothing there, and the page of real ones is left alone."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bench.figures import Figure, Goal, ratio
from bench.page import page

HOUSE = Path(__file__).resolve().parents[2]
BOTH = {"postgresql", "sqlite"}
ROWS = {
    "durable moves": BOTH,
    "moves over HTTP": BOTH,
    "a sweep with nothing due": BOTH,
    "escalations due in one second": BOTH,
    "two sweepers": {"postgresql"},
    "a page of the ledger": BOTH,
    "the dashboard": BOTH,
    "import": BOTH,
}


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder near the root: a server's socket in it must not have too long a path."""
    with TemporaryDirectory(prefix="hl-") as folder:
        yield Path(folder)


def test_every_row_that_was_promised_is_measured_and_a_quick_run_leaves_nothing_behind(short_folder: Path) -> None:
    kept = HOUSE / "docs" / "performance.md"
    before = kept.read_text(encoding="utf-8") if kept.exists() else None

    command = [sys.executable, "-m", "bench", "--quick", "--json"]
    environment = {**os.environ, "TMPDIR": str(short_folder)}
    run = subprocess.run(command, cwd=HOUSE, env=environment, capture_output=True, text=True, timeout=280)

    assert run.returncode == 0, run.stderr[-3000:]
    figures = json.loads(run.stdout)
    assert all(figure["value"] > 0 for figure in figures)
    measured = {row: {f["database"] for f in figures if f["what"].startswith(row)} for row in ROWS}
    assert measured == ROWS
    assert (kept.read_text(encoding="utf-8") if kept.exists() else None) == before
    assert list(short_folder.iterdir()) == []


def test_a_missed_goal_is_followed_by_where_the_time_goes() -> None:
    goal = Goal(0.8, 1.0)
    slow = Figure(
        "durable moves a second through fire, 8 connection(s)", "postgresql", "raw", 0.5, "×", goal, "1 beside 2"
    )
    fast = Figure(
        "durable moves a second through fire, 8 connection(s)", "postgresql", "raw", 0.9, "×", goal, "9 beside 10"
    )
    assert "Where the time goes" in page([slow], "18")
    assert "Where the time goes" not in page([fast], "18")


def test_a_goal_knows_which_way_is_better() -> None:
    assert [Goal(0.8, 1.0).verdict(value) for value in (0.7, 0.8, 1.0)] == ["missed", "met", "stretch"]
    assert [Goal(2, 1, less=True).verdict(value) for value in (2.1, 2, 1)] == ["missed", "met", "stretch"]


def test_neighbours_are_compared_with_each_other() -> None:
    assert ratio([1, 10, 100], [2, 10, 50]) == 1
