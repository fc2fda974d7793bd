"""The sweep (巡查): claims cases with due rungs, decides in Python, writes set-based. The caller commits each batch."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from models import Case, DirectoryVersion, Rung
from models.database import connection
from models.reading import Read, read
from workflow import load
from workflow.attempt import Facts
from workflow.rows import RungRow
from workflow.rules import Rules
from workflow.rungs import decide_rungs
from workflow.write import write

RETRY = timedelta(minutes=1)
_DUE_RUNGS = Read(
    "rungs",
    RungRow._fields,
    key="deadline_id",
    where="outcome IS NULL AND wake_at IS NOT NULL AND wake_at <= ?",
)
_DUE = (Rung.outcome.is_(None), Rung.wake_at.is_not(None))


@dataclass(frozen=True, slots=True)
class Swept:
    """What one batch did: cases moved on, rungs settled, and by how many seconds the latest of them was late."""

    cases: tuple[str, ...] = ()
    rungs: int = 0
    lateness: float = 0.0


def due_cases(session: Session, *, now: datetime, limit: int) -> list[str]:
    """Ids of cases with a due rung, longest due first; no lock."""
    found = select(Rung.case_id).where(*_DUE, Rung.wake_at <= now).order_by(Rung.wake_at).limit(limit)
    return list(dict.fromkeys(session.scalars(found)))


def sweep(session: Session, rules: Rules, *, now: datetime, limit: int = 250, only: str | None = None) -> Swept:
    """One batch in the caller's transaction: at most `limit` due rungs' cases, skipping those that others hold.

    `only`: just this case, for going round one that fails.
    """
    claimed, known = _claim(session, now=now, limit=limit, only=only)
    if not claimed:
        return Swept()
    rules = load.current(session, rules, known)
    cases, deadlines = load.read_with_promises(session, claimed)
    due = _due(session, [d.id for rows in deadlines.values() for d in rows if d.runs], now=now)
    decisions = [
        decide_rungs(case, Facts(deadlines=deadlines.get(case.id, ())), due[case.id], rules, now=now)
        for case in cases.values()
        if case.id in due
    ]
    write(session, decisions)
    rungs = [rung for rows in due.values() for rung in rows]
    lateness = max(((now - rung.due_at).total_seconds() for rung in rungs), default=0.0)
    return Swept(tuple(cases), len(rungs), lateness)


def postpone(session: Session, case_id: str, error: str, *, now: datetime) -> None:
    """Put off the due rungs of a case that can't be swept, with the reason; it holds up nothing and stays visible."""
    session.execute(
        update(Rung)
        .where(*_DUE, Rung.case_id == case_id, Rung.wake_at <= now)
        .values(wake_at=now + RETRY, attempts=Rung.attempts + 1, error=error[:500])
    )


def _claim(session: Session, *, now: datetime, limit: int, only: str | None) -> tuple[list[str], int | None]:
    """Ids of the claimed cases, and the version of the directory."""
    query = claiming(now=now, limit=limit)
    rows = session.execute(query if only is None else query.where(Case.id == only)).all()
    return list(dict.fromkeys(row.id for row in rows)), rows[0].version if rows else None


def claiming(*, now: datetime, limit: int) -> Select[tuple[str, int]]:
    """Lock cases with due rungs, in the order they became due; whoever is locked already is somebody else's work.

    The rungs are locked too, or PostgreSQL would hand out cases again that somebody settled while this was looking.
    """
    version = select(DirectoryVersion.version).scalar_subquery()
    return (
        select(Case.id, version.label("version"))
        .join(Rung, Rung.case_id == Case.id)
        .where(*_DUE, Rung.wake_at <= now)
        .order_by(Rung.wake_at)
        .limit(limit)
        .with_for_update(of=[Case, Rung], skip_locked=True)
    )


def _due(session: Session, deadline_ids: Sequence[str], *, now: datetime) -> dict[str, list[RungRow]]:
    """The due rungs, read again under the lock."""
    found: dict[str, list[RungRow]] = defaultdict(list)
    for row in read(connection(session), _DUE_RUNGS, deadline_ids, now):
        rung = RungRow(*row)
        found[rung.case_id].append(rung)
    return found
