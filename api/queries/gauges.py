"""Gauges (指标) read from the database when they are asked for: counters and partial indexes, never a scan of cases."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from api.house import House
from api.queries.health import PENDING, dead_letters, red_lines
from models import Act, Heartbeat, Message, Rung, Tally, TallyDelta
from models.database import read_session

Gauges = Iterator[GaugeMetricFamily]


class HouseCollector(Collector):
    """All gauges of a house at one instant, in one reading transaction."""

    def __init__(self, house: House, now: datetime) -> None:
        self._house, self._now = house, now

    def collect(self) -> Gauges:
        """Prometheus' own hook."""
        with read_session(self._house.engine) as session:
            yield from _cases(session)
            yield from _outbox(self._house, session, self._now)
            yield from _rungs(session, self._now)
            yield from _heartbeats(session, self._now)


def _cases(session: Session) -> Gauges:
    columns = ("state", "level", "overdue", "n")
    both = union_all(*(select(*(getattr(t, c) for c in columns)) for t in (Tally, TallyDelta))).subquery()
    cell = [both.c.state, both.c.level, both.c.overdue]
    cases = GaugeMetricFamily("hazardloop_cases", "Cases", labels=("state", "level", "overdue"))
    summed: Select[Any] = select(*cell, func.sum(both.c.n)).group_by(*cell).order_by(*cell)
    for *labels, n in session.execute(summed):
        cases.add_metric([str(label) for label in labels], int(n))
    yield cases
    acts = session.scalar(select(func.count()).select_from(Act).where(Act.outcome.is_(None)))
    yield _one("hazardloop_acts_open", "Proposed acts that nobody has decided", acts)


def _outbox(house: House, session: Session, now: datetime) -> Gauges:
    waiting = select(func.count(), func.min(Message.created_at)).where(Message.outcome.is_(None))
    count, oldest = session.execute(waiting).one()
    states: Mapping[str, int] = {
        "waiting": count,
        "dead": dead_letters(session),
        "nobody": red_lines(house, session, now),
    }
    outbox = GaugeMetricFamily("hazardloop_outbox", "Messages not delivered", labels=("state",))
    for state, n in states.items():
        outbox.add_metric((state,), n)
    yield outbox
    yield _one("hazardloop_outbox_oldest_seconds", "Age of the oldest waiting message", _age(oldest, now))


def _rungs(session: Session, now: datetime) -> Gauges:
    due = select(func.count(), func.min(Rung.wake_at)).where(*PENDING, Rung.wake_at <= now)
    count, oldest = session.execute(due).one()
    yield _one("hazardloop_rungs_due", "Deadline steps that are due and not yet taken", count)
    yield _one("hazardloop_rungs_late_seconds", "How late the oldest of them is", _age(oldest, now))


def _heartbeats(session: Session, now: datetime) -> Gauges:
    took = GaugeMetricFamily("hazardloop_loop_seconds", "How long the last finished round took", labels=("loop",))
    since = GaugeMetricFamily("hazardloop_loop_age_seconds", "Since a loop last finished", labels=("loop",))
    for beat in session.scalars(select(Heartbeat).order_by(Heartbeat.name)):
        if beat.finished_at is None:
            continue
        since.add_metric((beat.name,), _age(beat.finished_at, now))
        # While the next round runs, its beginning is after the last end.
        if beat.finished_at >= beat.begun_at:
            took.add_metric((beat.name,), _age(beat.begun_at, beat.finished_at))
    yield took
    yield since


def _one(name: str, text: str, value: float | None) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value or 0)


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
