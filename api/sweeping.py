"""Sweeping (巡查): batch after batch until nothing is due that others leave; a case that fails holds up no other."""

from collections.abc import Callable, Iterator
from datetime import datetime

import structlog

from api.house import House
from api.logs import named
from models.database import read_session, write_session
from workflow.sweep import Swept, due_cases, postpone, sweep

# On SQLite a person's move waits for a batch, and twice as many at once would save no time.
BATCH = 250

log = structlog.get_logger()


def sweep_all(house: House, now: Callable[[], datetime], told: Callable[[], bool]) -> Iterator[Swept]:
    """Each batch once it is committed, until nothing is due or `told` says that it is time to stop."""
    swept = Swept()
    while not told():
        at = now()
        # Only read while nothing is due, as may be after less than a batch: SQLite has one write lock for everybody.
        if swept.rungs < BATCH:
            with read_session(house.engine) as session:
                if not due_cases(session, now=at, limit=1):
                    return
        try:
            with write_session(house.engine) as session:
                swept = sweep(session, house.rules(at), now=at, limit=BATCH)
        except Exception as error:
            log.warning("batch_failed", error=named(error))
            _singly(house, now, told)
            return
        if not swept.rungs:
            return
        log.info("swept", cases=len(swept.cases), rungs=swept.rungs, lateness=round(swept.lateness, 3))
        yield swept


def _singly(house: House, now: Callable[[], datetime], told: Callable[[], bool]) -> None:
    """Sweep one case at a time, and put off with its error each one that fails."""
    with read_session(house.engine) as session:
        due = due_cases(session, now=now(), limit=BATCH)
    for case_id in due:
        at = now()
        try:
            with write_session(house.engine) as session:
                sweep(session, house.rules(at), now=at, only=case_id)
        except Exception as error:
            log.error("case_postponed", case=case_id, error=named(error))
            with write_session(house.engine) as session:
                postpone(session, case_id, named(error), now=at)
        if told():
            return
