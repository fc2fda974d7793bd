"""Upkeep (日常维护): the daily anchor, and clearing away what nobody may use any more."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import ColumnElement, delete, or_, select

from api.house import House
from api.worker import Worker
from models import Anchor, AnsweredRequest, Credential, sqlite
from models.database import read_session, write_session
from workflow.anchor import make_anchor

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Longer than any upload may take.
UNFINISHED = timedelta(hours=24)
ANSWERS_KEPT = timedelta(days=30)
# Spent secrets open nothing; their traces are kept as long as the answers are.
SECRETS_KEPT = timedelta(days=30)
ANCHORS, ANCHOR_KEY = "anchors", "anchor"

log = structlog.get_logger()


def anchor_daily(worker: Worker) -> None:
    """Make the day's anchor (锚定) unless it is there: all chain heads, signed, in a file outside the database."""
    now = worker.now()
    today = now.astimezone(SHANGHAI).date().isoformat()
    with read_session(worker.house.engine) as session:
        if session.get(Anchor, today) is not None:
            return
    made = anchor_now(worker.house, now)
    log.info("anchored", day=made.day, cases=made.cases, digest=made.digest)


def anchor_now(house: House, now: datetime) -> Anchor:
    """Make the day's anchor now, or return the one there is."""
    with write_session(house.engine) as session:
        return make_anchor(session, house.settings.data_dir / ANCHORS, key=house.secret(ANCHOR_KEY), now=now)


def clear_uploads(worker: Worker) -> None:
    """Remove uploads that broke off a day ago."""
    if cleared := worker.house.store.sweep_temporary(worker.now() - UNFINISHED):
        log.info("uploads_cleared", count=cleared)


def clear_records(worker: Worker) -> None:
    """Forget answers to repeated requests after 30 days, and secrets that ended or expired as long ago."""
    now = worker.now()
    long_ago = now - SECRETS_KEPT
    purge(worker.house, AnsweredRequest, AnsweredRequest.created_at < now - ANSWERS_KEPT)
    purge(worker.house, Credential, or_(Credential.expires_at < long_ago, Credential.ended_at < long_ago))


def copy_log(worker: Worker) -> None:
    """Copy SQLite's write-ahead log into the database, so that no move has to."""
    if worker.house.engine.dialect.name == "sqlite":
        sqlite.checkpoint(worker.house.engine)


def purge(house: House, table: type[AnsweredRequest] | type[Credential], old: ColumnElement[bool]) -> None:
    """Delete the old rows of a table, with a look first so that an idle night writes nothing."""
    with read_session(house.engine) as session:
        if session.scalar(select(1).select_from(table).where(old).limit(1)) is None:
            return
    with write_session(house.engine) as session:
        session.execute(delete(table).where(old).execution_options(synchronize_session=False))
