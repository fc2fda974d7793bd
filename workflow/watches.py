"""Watches (班次) as the directory keeps them: who has an organisation's watch when, and who keeps a place's watch."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Organisation, Shift

Post = Literal["officer", "leader"]

# Nobody plans further ahead than a year, so this reaches back over a month from any today.
KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Watch:
    """Who has the watch from `starts_at` until just before `ends_at`: an officer (值班员) and a leader (带班领导)."""

    starts_at: datetime
    ends_at: datetime
    officer_id: str
    leader_id: str

    def held_by(self, post: Post) -> str:
        """The person at that post."""
        return self.officer_id if post == "officer" else self.leader_id


def watch_at(watches: Sequence[Watch], at: datetime) -> Watch | None:
    """The watch of that instant among an organisation's watches in order, which never overlap; none in a gap."""
    after = bisect_right(watches, at, key=lambda watch: watch.starts_at)
    return watches[after - 1] if after and at < watches[after - 1].ends_at else None


def load_watches(session: Session) -> dict[str, tuple[Watch, ...]]:
    """Each organisation's watches in order, as far back as `KEPT` before the end of the last one planned."""
    newest = session.scalar(select(func.max(Shift.ends_at)))
    if newest is None:
        return {}
    columns = (Shift.org_id, Shift.starts_at, Shift.ends_at, Shift.officer_id, Shift.leader_id)
    rows = select(*columns).where(Shift.ends_at > newest - KEPT).order_by(Shift.org_id, Shift.starts_at)
    found: dict[str, list[Watch]] = defaultdict(list)
    for org_id, starts_at, ends_at, officer_id, leader_id in session.execute(rows):
        found[org_id].append(Watch(starts_at, ends_at, officer_id, leader_id))
    return {org_id: tuple(watches) for org_id, watches in found.items()}


def load_desks(session: Session, watches: Mapping[str, Sequence[Watch]]) -> dict[str, tuple[str, ...]]:
    """Of each place the departments right under it that keep a watch, the oldest first: they keep the place's too."""
    rows = select(Organisation.parent_id, Organisation.id).where(
        Organisation.id.in_(list(watches)), Organisation.kind == "department", Organisation.parent_id.is_not(None)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for place, department in session.execute(rows.order_by(Organisation.id)):
        found[place or ""].append(department)
    return {place: tuple(departments) for place, departments in found.items()}
