"""What guards of an incident know beyond its row: the reports made of it, and the papers on it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Evidence, IncidentReport


@dataclass(frozen=True, slots=True)
class Reported:
    """One report that was made."""

    kind: str
    made_at: datetime
    entered_by: str


def reports_of(session: Session, case_ids: Collection[str]) -> dict[str, tuple[Reported, ...]]:
    """The reports of these cases in the order they were entered."""
    columns = (IncidentReport.case_id, IncidentReport.kind, IncidentReport.made_at, IncidentReport.entered_by)
    mine = select(*columns).where(IncidentReport.case_id.in_(case_ids)).order_by(IncidentReport.number)
    found: dict[str, list[Reported]] = defaultdict(list)
    for case_id, kind, made_at, entered_by in session.execute(mine):
        found[case_id].append(Reported(kind, made_at, entered_by))
    return {case_id: tuple(reports) for case_id, reports in found.items()}


def papers_of(session: Session, case_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """SHA-256 of everything that was ever put on these cases."""
    found: dict[str, set[str]] = defaultdict(set)
    mine = select(Evidence.case_id, Evidence.sha256).where(Evidence.case_id.in_(case_ids))
    for case_id, sha256 in session.execute(mine):
        found[case_id].add(sha256)
    return {case_id: frozenset(papers) for case_id, papers in found.items()}
