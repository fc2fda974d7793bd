"""The house (运行环境): settings, engine, evidence store and rules in force, put together once a process."""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from api.evidence.store import Store
from api.settings import Settings
from models import HolidayNotice, migrate
from models.database import engine, read_session
from workflow import directory
from workflow.calendar import Calendar, statutory
from workflow.directory import EMPTY, Directory
from workflow.notices import in_force
from workflow.profile import Profile, load, shipped
from workflow.refusals import Refusal
from workflow.rules import Rules

FRESH_FOR = timedelta(seconds=1)


class NoDataDir(Refusal):
    """数据目录不存在，也建不了。"""

    status = 503


def chosen(name: str) -> Profile:
    """The profile of a shipped name or of a .toml file's path; `ProfileFault` with all faults."""
    return load(Path(name)) if name.endswith(".toml") else shipped(name)


@dataclass
class House:
    """Everything a process needs; `rules(now)` is at most a second old, and `fire` notices an older directory."""

    settings: Settings
    _rules: Rules | None = field(default=None, init=False)
    _checked_at: datetime | None = field(default=None, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    @cached_property
    def engine(self) -> Engine:
        """The database; nothing is made, so that whoever only reads leaves no trace of a folder misspelt."""
        return engine(self.settings.url)

    @cached_property
    def profile(self) -> Profile:
        """The limits in force; `ProfileFault` if they can't be armed."""
        return chosen(self.settings.profile)

    @cached_property
    def store(self) -> Store:
        """Where evidence lies sealed, outside every served folder."""
        return Store(root=self.settings.data_dir / "evidence")

    def migrate(self) -> None:
        """Bring the tables to the newest revision, in a folder made first."""
        self._folder()
        migrate.upgrade(self.engine)

    def _folder(self) -> Path:
        """The data folder, made if it is not there; NoDataDir."""
        folder = self.settings.data_dir
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise NoDataDir(field="HAZARDLOOP_DATA_DIR", right=f"一个可以写入的文件夹；现为 {folder}") from fault
        return folder

    def rules(self, now: datetime) -> Rules:
        """Profile, calendar and directory, looked at again once a second."""
        with self._lock:
            stale = self._checked_at is None or abs(now - self._checked_at) >= FRESH_FOR
            if self._rules is None or stale:
                self._rules, self._checked_at = self._read(self._rules), now
            return self._rules

    def _read(self, kept: Rules | None) -> Rules:
        with read_session(self.engine) as session:
            version = directory.version(session)
            known = kept.directory if kept else EMPTY
            fresh: Directory = known if kept and version == known.version else directory.load(session)
            return Rules(self.profile, self._calendar(session, kept), fresh)

    def _calendar(self, session: Session, kept: Rules | None) -> Calendar:
        notices = session.scalars(select(HolidayNotice).order_by(HolidayNotice.entered_at)).all()
        calendar = in_force(statutory(), notices)
        return kept.calendar if kept and kept.calendar.version == calendar.version else calendar

    def secret(self, name: str, size: int = 32) -> bytes:
        """A key of our own under `data_dir`, made on first use, readable by its owner only."""
        path = self._folder() / f"{name}.key"
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(os.urandom(size))
        except FileExistsError:
            pass
        return path.read_bytes()

    def made(self, name: str) -> tuple[bytes, ...]:
        """The key of that name, if it has been made: nothing can be opened or proved with a fresh one."""
        path = self.settings.data_dir / f"{name}.key"
        return (path.read_bytes(),) if path.exists() else ()
