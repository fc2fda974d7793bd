"""A second process sweeps along in a burst, is missed by nobody when it dies, and never outlives its worker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from api.helper import Helper
from api.settings import Settings
from models import Event, Rung
from models.database import read_session
from tests.desk import Desk
from tests.people import found

HOUSE = Path(__file__).resolve().parents[2]
PATIENCE = 60
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


@dataclass(frozen=True)
class Still:
    """A clock that another process can be given: it always says the same."""

    now: datetime

    def __call__(self) -> datetime:
        """That instant."""
        return self.now


@pytest.fixture
def desk(postgresql_database: Engine, clock: object) -> Desk:
    """Only PostgreSQL has helpers: SQLite has one writer."""
    with read_session(postgresql_database) as session:
        return Desk(postgresql_database, found(session), clock)


@pytest.fixture
def overdue(desk: Desk) -> list[str]:
    """Hazards nobody assigned in time."""
    cases = [desk.open() for _ in range(3)]
    desk.clock.advance(days=31)
    return cases


@pytest.fixture
def helper(desk: Desk, overdue: list[str], tmp_path: Path) -> Iterator[Helper]:
    """A helper on the desk's database, to whom it is the day after."""
    with closing(Helper(settings(desk, tmp_path), Still(desk.clock.now))) as started:
        yield started


def settings(desk: Desk, folder: Path) -> Settings:
    url = desk.engine.url.render_as_string(hide_password=False)
    return Settings(data_dir=folder / "data", database_url=url, profile="national")


def until(true: Callable[[], object]) -> None:
    """Wait for another process."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


def heard(helper: Helper) -> list[float]:
    """What it says once it has ended."""
    told: list[float] = []

    def listen() -> bool:
        told.extend(helper.heard())
        return not helper.busy

    until(listen)
    return told


def unsettled(desk: Desk) -> int:
    return desk.count(Rung, Rung.outcome.is_(None), Rung.wake_at <= desk.clock.now)


def test_who_is_called_sweeps_until_nothing_is_due_and_says_how_late_it_was(
    desk: Desk, overdue: list[str], helper: Helper
) -> None:
    due = unsettled(desk)
    latest = max((desk.clock.now - desk.rungs(case_id)[0].due_at).total_seconds() for case_id in overdue)

    helper.call()

    assert heard(helper) == [pytest.approx(latest)]
    assert helper.heard() == []
    assert unsettled(desk) == 0
    assert desk.count(Event, Event.kind == "rung") == desk.count(Rung, Rung.outcome == "fired") == due


def test_who_was_called_twice_comes_once(desk: Desk, overdue: list[str], helper: Helper) -> None:
    helper.call()
    helper.call()

    assert len(heard(helper)) == 1
    assert not helper.busy


def test_who_does_not_answer_keeps_nobody_waiting_and_is_cut_off_in_the_end(helper: Helper) -> None:
    stuck = helper.pid
    os.kill(stuck, signal.SIGSTOP)
    helper.call()

    assert helper.heard() == []
    assert helper.busy
    helper.close()
    with pytest.raises(ProcessLookupError):
        os.kill(stuck, 0)


def test_one_that_died_at_its_work_is_noticed_and_the_next_call_starts_another(
    desk: Desk, overdue: list[str], helper: Helper
) -> None:
    first = helper.pid
    os.kill(first, signal.SIGSTOP)
    helper.call()
    os.kill(first, signal.SIGKILL)

    with capture_logs() as logs:
        assert heard(helper) == []
    assert [log["event"] for log in logs] == ["helper_lost"]
    helper.call()
    assert len(heard(helper)) == 1
    assert helper.pid != first
    assert unsettled(desk) == 0


def test_one_that_died_idle_is_replaced_when_it_is_wanted(desk: Desk, overdue: list[str], helper: Helper) -> None:
    first = helper.pid
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)

    helper.call()
    heard(helper)

    assert helper.pid != first
    assert unsettled(desk) == 0


def test_a_database_that_is_away_costs_one_call(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with closing(Helper(Settings(data_dir=tmp_path, database_url=NOWHERE))) as helper:
        first = helper.pid
        for _ in range(2):
            helper.call()
            assert heard(helper) == []

        assert helper.pid == first
    assert capfd.readouterr().err.count("help_failed") == 2


def test_a_signal_to_all_does_not_cut_off_its_batch_but_letting_go_ends_it(
    desk: Desk, overdue: list[str], helper: Helper
) -> None:
    helper.call()
    heard(helper)
    for sign in (signal.SIGTERM, signal.SIGINT):
        os.kill(helper.pid, sign)

    helper.call()

    assert heard(helper) == []
    pid = helper.pid
    helper.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_its_worker_in_whatever_way_that_ends(desk: Desk, tmp_path: Path, end: signal.Signals) -> None:
    command = [sys.executable, "-c", "from api.start import main; main()", "worker", "--json"]
    chosen = {"HAZARDLOOP_DATA_DIR": str(tmp_path), "HAZARDLOOP_DATABASE_URL": settings(desk, tmp_path).database_url}
    with subprocess.Popen(
        command, cwd=HOUSE, env={**os.environ, **chosen}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as worker:
        try:
            assert worker.stdout is not None
            assert worker.stdout.readline() == '{"worker": "running"}\n'
            worker.send_signal(end)

            # All that write there have ended when the pipe does.
            assert worker.communicate(timeout=PATIENCE) == ("", None)
            assert worker.returncode in (0, -signal.SIGKILL)
        finally:
            worker.kill()
