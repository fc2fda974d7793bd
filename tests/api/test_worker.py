"""The worker finds everything that is due, is stopped by nothing that is broken, and says when it last looked."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import update

from api import sweeping
from api import worker as workers
from api.heartbeat import begun
from api.house import House
from api.lock import WorkerRuns, alone
from api.meters import REGISTRY
from api.settings import Settings
from api.ticker import loops, ticking, until_told
from api.upkeep import anchor_daily, clear_records, copy_log
from api.worker import SEAL, Loop, Worker, client_of, deliver_due, fold_counters, opened, sweep_due, tick
from models import Anchor, AnsweredRequest, Case, Credential, Deadline, Heartbeat, Message, Rung, Tally, TallyDelta
from models.database import write_session
from models.sqlite import driver as sqlite
from notifications.channels import new_channel
from notifications.sealing import seal
from notifications.settings import Settings as ChannelSettings
from tests.desk import Desk
from tests.notifications.fakeim import HOOK_SECRET, Platform, serving

HOUSE = Path(__file__).resolve().parents[2]
PATIENCE = 60


def house_of(desk: Desk, folder: Path, **chosen: object) -> House:
    house = House(Settings(data_dir=folder / "data", database_url="", profile="national", **chosen))  # type: ignore[arg-type]  # whatever a story sets
    house.engine = desk.engine
    return house


@pytest.fixture
def worker(desk: Desk, tmp_path: Path) -> Iterator[Worker]:
    """A worker in the desk's house, at the desk's clock."""
    house = house_of(desk, tmp_path)
    with closing(client_of(house)) as client:
        yield Worker(house, client, lambda: desk.clock.now)


def overdue(desk: Desk, count: int) -> list[str]:
    cases = [desk.open() for _ in range(count)]
    for case_id in cases:
        desk.assign(case_id)
    desk.clock.advance(days=31)
    return cases


def fired(desk: Desk, case_id: str) -> list[str]:
    return [rung.name for rung in desk.rungs(case_id) if rung.outcome == "fired"]


@dataclass(slots=True)
class Called:
    """A helper that only counts its calls."""

    calls: int = 0

    def call(self) -> None:
        self.calls += 1

    def heard(self) -> list[float]:
        return [7.0] * self.calls


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sweeping, workers):
        monkeypatch.setattr(module, "BATCH", 4)


@pytest.mark.usefixtures("small_batches")
def test_a_sweep_goes_on_until_nothing_is_due(desk: Desk, worker: Worker) -> None:
    cases = overdue(desk, 5)

    sweep_due(worker)

    assert all("breach" in fired(desk, case_id) for case_id in cases)
    assert desk.count(Rung, Rung.outcome.is_(None), Rung.wake_at <= desk.clock.now) == 0


@pytest.mark.usefixtures("small_batches")
def test_a_helper_is_called_when_more_is_due_than_a_batch_and_what_it_did_is_counted(
    desk: Desk, worker: Worker
) -> None:
    worker.helper = helper = Called()  # type: ignore[assignment]  # only what the sweep asks of it
    desk.open()
    desk.clock.advance(days=31)
    sweep_due(worker)
    assert helper.calls == 0

    overdue(desk, 5)
    sweep_due(worker)
    assert helper.calls

    before = metered()
    sweep_due(worker)
    assert metered() - before == 7 * helper.calls


def metered() -> float:
    """All seconds of lateness that this process has counted."""
    return REGISTRY.get_sample_value("hazardloop_rung_lateness_seconds_sum") or 0


def test_a_case_that_cannot_be_swept_is_put_off_with_its_error_and_holds_up_no_other(
    desk: Desk, worker: Worker
) -> None:
    broken, *sound = overdue(desk, 3)
    with write_session(desk.engine) as session:
        session.execute(update(Case).where(Case.id == broken).values(workflow="listing", level="district"))

    sweep_due(worker)

    assert all("breach" in fired(desk, case_id) for case_id in sound)
    assert fired(desk, broken) == []
    postponed = [rung for rung in desk.rungs(broken) if rung.attempts]
    assert postponed
    assert {(rung.wake_at, "KeyError" in (rung.error or "")) for rung in postponed} == {
        (desk.clock.now + timedelta(minutes=1), True)
    }


def test_what_was_put_off_is_swept_once_it_is_mended(desk: Desk, worker: Worker) -> None:
    (broken,) = overdue(desk, 1)
    with write_session(desk.engine) as session:
        session.execute(update(Case).where(Case.id == broken).values(workflow="listing", level="district"))
    sweep_due(worker)
    with write_session(desk.engine) as session:
        session.execute(update(Case).where(Case.id == broken).values(workflow="hazard", level="general"))
    desk.clock.advance(minutes=2)

    sweep_due(worker)

    assert "breach" in fired(desk, broken)
    (breach,) = desk.all(Deadline, Deadline.case_id == broken, Deadline.name == "rectify")
    assert breach.breached_at == breach.due_at


def test_a_tick_is_heard_before_and_after(desk: Desk, worker: Worker) -> None:
    seen: list[Heartbeat] = []

    def look(_worker: Worker) -> None:
        seen.extend(desk.all(Heartbeat))
        desk.clock.advance(seconds=3)

    before = desk.clock.now
    tick(worker, Loop("look", 7, look))

    assert [(beat.begun_at, beat.finished_at) for beat in seen] == [(before, None)]
    (after,) = desk.all(Heartbeat)
    assert (after.begun_at, after.finished_at, after.period_seconds) == (before, desk.clock.now, 7)


def test_a_tick_that_fails_says_where_but_quotes_nobody_and_the_next_one_comes(
    desk: Desk, worker: Worker, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(_worker: Worker) -> None:
        raise ValueError("13800000000")

    tick(worker, Loop("look", 7, fail))
    (failed,) = desk.all(Heartbeat)
    tick(worker, Loop("look", 7, lambda _worker: None))
    (well,) = desk.all(Heartbeat)

    assert failed.finished_at is None
    assert "ValueError" in (failed.error or "")
    assert "fail:" in (failed.error or "")
    assert (well.finished_at, well.error) == (desk.clock.now, None)
    said = capfd.readouterr()
    assert "13800000000" not in (failed.error or "") + said.out + said.err


def test_a_loop_that_failed_keeps_on_record_when_it_last_finished(desk: Desk, worker: Worker) -> None:
    tick(worker, Loop("look", 7, lambda _worker: None))
    well = desk.clock.now
    desk.clock.advance(minutes=1)
    begun(desk.engine, "look", seconds=7, now=desk.clock.now)

    (beat,) = desk.all(Heartbeat)
    assert (beat.finished_at, beat.begun_at) == (well, desk.clock.now)


def test_messages_leave_by_the_channel_of_the_organisation(desk: Desk, tmp_path: Path) -> None:
    with serving(Platform(now=lambda: desk.clock.now)) as platform:
        house = house_of(desk, tmp_path, outbound=platform.origin)
        settings = ChannelSettings(url=platform.hook, secrets=(HOOK_SECRET,))
        row = new_channel(
            kind="webhook", name="对接", org_id=desk.cast.bureau, settings=settings, keys=[house.secret(SEAL)],
            now=desk.clock.now,
        )  # fmt: skip
        with write_session(desk.engine) as session:
            session.add(row)
        desk.open()
        with closing(client_of(house)) as client:
            deliver_due(Worker(house, client, lambda: desk.clock.now))

    assert [m.outcome for m in desk.all(Message, Message.channel_id == row.id)] == ["accepted"]


@pytest.mark.parametrize(
    ("house_s", "own", "expected"),
    [
        ("", None, None),
        ("https://house.example.gov.cn/", None, "https://house.example.gov.cn"),
        ("https://house.example.gov.cn", "https://own.example.gov.cn", "https://own.example.gov.cn"),
    ],
)
def test_a_channel_that_names_no_address_of_ours_links_to_the_house_s(
    house_s: str, own: str | None, expected: str | None, desk: Desk, tmp_path: Path
) -> None:
    house = house_of(desk, tmp_path, base_url=house_s)
    kept = ChannelSettings(url="https://erp.example/hook", secrets=(HOOK_SECRET,), base_url=own)

    assert opened(house, "c", seal(kept, channel_id="c", keys=[house.secret(SEAL)])).base_url == expected


def test_counters_are_folded(desk: Desk, worker: Worker) -> None:
    desk.open()
    assert desk.count(TallyDelta)

    fold_counters(worker)

    assert desk.count(TallyDelta) == 0
    assert sum(tally.n for tally in desk.all(Tally)) == 1


def test_one_anchor_a_day_leaves_the_database(desk: Desk, worker: Worker) -> None:
    desk.open()

    for _ in range(3):
        anchor_daily(worker)
    desk.clock.advance(days=1)
    anchor_daily(worker)

    assert [anchor.cases for anchor in desk.all(Anchor)] == [1, 1]
    assert len(list((worker.house.settings.data_dir / "anchors").glob("anchor-*.jsonl"))) == 2


def test_old_answers_and_spent_secrets_are_forgotten_and_live_ones_kept(desk: Desk, worker: Worker) -> None:
    now, month = desk.clock.now, timedelta(days=31)
    answers = [("old", now - month), ("new", now - timedelta(days=29))]
    secrets = [("old", now - month, None), ("ended", now + month, now - month), ("live", now + month, None)]
    with write_session(desk.engine) as session:
        session.add_all(
            AnsweredRequest(caller="c", key=key, request_hash="", status=200, body="", created_at=at)
            for key, at in answers
        )
        session.add_all(
            Credential(hash=name, kind="token", created_at=now - 2 * month, expires_at=expires, ended_at=ended)
            for name, expires, ended in secrets
        )

    clear_records(worker)

    assert [answer.key for answer in desk.all(AnsweredRequest)] == ["new"]
    assert [secret.hash for secret in desk.all(Credential)] == ["live"]


def test_an_idle_worker_leaves_the_write_lock_to_others(
    desk: Desk, worker: Worker, capfd: pytest.CaptureFixture[str]
) -> None:
    if desk.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no lock for everybody")
    anchor_daily(worker)
    capfd.readouterr()
    with closing(sqlite.connect(str(desk.engine.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for idle in (sweep_due, deliver_due, fold_counters, copy_log, clear_records, anchor_daily):
            idle(worker)

    assert capfd.readouterr() == ("", "")


def test_the_ticker_runs_every_loop_and_waits_for_the_one_under_way(desk: Desk, worker: Worker) -> None:
    going, told = Event(), Event()
    ended: list[str] = []

    def slow(_worker: Worker) -> None:
        going.set()
        told.wait(PATIENCE)
        ended.append("slow")

    with ticking(worker, (Loop("slow", 3600, slow),)):
        assert going.wait(PATIENCE)
        told.set()

    assert ended == ["slow"]
    assert worker.stopping.is_set()


def test_every_loop_fits_the_heartbeat_and_has_a_name_of_its_own(worker: Worker) -> None:
    names = [loop.name for loop in loops(worker.house.settings)]

    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= Heartbeat.__table__.c.name.type.length


def test_a_data_folder_has_one_worker(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(WorkerRuns), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


def test_a_signal_that_comes_at_whatever_instant_is_heard_and_waits_for_no_lock() -> None:
    heard = 0
    for sign in (signal.SIGTERM, signal.SIGINT) * 50:
        with until_told() as told:
            assert not told.stop
            signal.raise_signal(sign)
            heard += told.stop
    assert heard == 100
    assert not hasattr(told, "wait"), "an event has a lock, which its own thread may hold when the signal comes"


def test_a_worker_that_is_told_to_stop_ends_well(tmp_path: Path) -> None:
    script = "from api.start import main; main()"
    command = [sys.executable, "-c", script, "worker", "--json", "--data-dir", str(tmp_path)]
    with subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as started:
        try:
            assert started.stdout is not None
            assert started.stdout.readline() == '{"worker": "running"}\n'
            with pytest.raises(WorkerRuns), alone(tmp_path):
                pass
            started.send_signal(signal.SIGTERM)

            assert started.wait(PATIENCE) == 0
        finally:
            started.kill()
    with alone(tmp_path):
        pass
