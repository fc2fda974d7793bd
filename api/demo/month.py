"""The month (演示的一个月): ledgers come in, stories are played, and the worker's own loops run between them."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from api.demo import scenes
from api.demo.cast import populate
from api.demo.stage import Stage
from api.demo.stories import STORIES, Story
from api.house import House
from api.settings import Settings
from api.ticker import loops
from api.worker import Worker, client_of, tick
from ledger.importing import import_ledger
from models import Case, Rung
from models.database import read_session, write_session
from workflow.actor import SYSTEM
from workflow.arithmetic import SHANGHAI
from workflow.incident import INCIDENT
from workflow.refusals import Refusal

LEDGERS = Path(__file__).resolve().parent / "ledgers"
DAYS = 31
# Four looks a day, the second of them at nine in the morning, when people work.
LOOKS = (timedelta(hours=3), timedelta(hours=9), timedelta(hours=15), timedelta(hours=21))
WORK = LOOKS[1]
NOTE = "demo.json"

Telling = Callable[[str, int], None]


class FolderTaken(Refusal):
    """这个文件夹里有别的东西，不能用来演示。"""

    status = 409


@dataclass(frozen=True, slots=True)
class Made:
    """What a demo left behind: its ledgers as they came in, and the case of every story."""

    ledgers: tuple[dict[str, Any], ...]
    cases: dict[str, str]


def house_in(folder: Path, **chosen: Any) -> House:
    """The house of a demo, whatever database the environment names."""
    return House(Settings(data_dir=folder, database_url="", profile="national", outbound="", base_url="", **chosen))


def found(folder: Path) -> Made | None:
    """What an earlier run made in `folder`; FolderTaken where something else lies."""
    note = folder / NOTE
    if note.is_file():
        told = json.loads(note.read_text(encoding="utf-8"))
        return Made(tuple(told["ledgers"]), told["cases"])
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTaken(field="dir", right="一个还不存在的文件夹，或者以前演示用过的")
    return None


def play(folder: Path, *, now: datetime, tell: Telling) -> Made:
    """Play the month that ends `now` into `folder`, which appears when all of it is there.

    `tell` hears what is going on and how many days of the month are over.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _aside(folder) as aside, _opened(aside) as house:
        start = (now.astimezone(SHANGHAI) - timedelta(days=DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
        with write_session(house.engine) as session:
            stage = Stage(house, populate(session, start), start, start)
        ledgers = tuple(_import(stage, path, tell) for path in sorted(LEDGERS.iterdir()))
        with closing(client_of(house)) as client:
            _live(stage, Worker(house, client, lambda: stage.now), tell)
        made = Made(ledgers, stage.cases)
        note = {"ledgers": made.ledgers, "cases": made.cases}
        (aside / NOTE).write_text(json.dumps(note, ensure_ascii=False), encoding="utf-8")
    return made


def _live(stage: Stage, worker: Worker, tell: Telling) -> None:
    work = loops(stage.house.settings)
    scenes.keep_watch(stage)
    for day in range(DAYS):
        for look in LOOKS:
            _perform(stage, worker, until=stage.start + timedelta(days=day) + look, tell=tell)
            if look == WORK:
                scenes.change_watch(stage)
                for story, step, data in _today(day):
                    tell(f"第 {day + 1} 天：{story.shows}", day)
                    stage.play(story, step, data)
            for loop in work:
                tick(worker, loop)
    tell("一个月过完", DAYS)


def _perform(stage: Stage, worker: Worker, *, until: datetime, tell: Telling) -> None:
    """The scenes up to an instant, each at its minute; where minutes count the worker looks the moment one is up."""
    day = (until - stage.start).days
    for at, episode, scene in scenes.between(stage.start, stage.now, until):
        _watch(stage, worker, until=at)
        stage.now = at
        tell(f"第 {day + 1} 天：{episode.shows}", day)
        scenes.play(stage, episode, scene)
    _watch(stage, worker, until=until)
    stage.now = until


def _watch(stage: Stage, worker: Worker, *, until: datetime) -> None:
    sweeping, *_ = loops(stage.house.settings)
    urgent = select(func.min(Rung.wake_at)).join(Case, Case.id == Rung.case_id)
    while True:
        with read_session(stage.house.engine) as session:
            up = session.scalar(urgent.where(Rung.outcome.is_(None), Case.workflow == INCIDENT.name))
        if up is None or up > until:
            return
        stage.now = max(stage.now, up)
        tick(worker, sweeping)


def _today(day: int) -> Iterator[tuple[Story, str, Any]]:
    for story in STORIES:
        if story.day == day:
            yield story, story.begins, {}
        yield from ((story, step, data) for number, step, data in story.steps if number == day)


def _import(stage: Stage, path: Path, tell: Telling) -> dict[str, Any]:
    tell(f"导入台账 {path.name}", 0)
    rules = stage.house.rules(stage.now)
    brought = import_ledger(stage.house.engine, rules, path, actor=SYSTEM, now=stage.now, unknown="create")
    return {
        "file": path.name, "rows": brought.lines, "hazards": brought.rows, "cases": brought.cases,
        "known": brought.known, "problems": len(brought.refused),
    }  # fmt: skip


@contextmanager
def _opened(folder: Path) -> Iterator[House]:
    house = house_in(folder)
    try:
        house.migrate()
        yield house
    finally:
        house.engine.dispose()


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """A folder beside `folder` that takes its place at the end, so that half a demo is never found."""
    options: dict[str, Any] = {"prefix": f".{folder.name}-", "dir": folder.parent, "ignore_cleanup_errors": True}
    with tempfile.TemporaryDirectory(**options) as aside:
        yield Path(aside)
        os.replace(aside, folder)
