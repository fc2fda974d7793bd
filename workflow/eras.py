"""Eras (规则时期): which rules held when, for a calendar changes with every notice entered."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import HolidayNotice
from workflow.calendar import statutory
from workflow.directory import Directory
from workflow.notices import in_force
from workflow.profile import Profile
from workflow.rules import Rules

ALWAYS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Era:
    """The rules from an instant on; `year`: whose notice was entered then (none before the first)."""

    since: datetime
    year: int
    rules: Rules


@dataclass(frozen=True, slots=True)
class Eras:
    """All eras in order, the first of all time."""

    eras: Sequence[Era]

    def at(self, instant: datetime) -> Era:
        """The era of an instant."""
        return self.eras[bisect_right(self.eras, instant, key=lambda era: era.since) - 1]

    def between(self, after: datetime, until: datetime) -> Sequence[Era]:
        """The eras that begin later than the one instant and not later than the other."""
        return [era for era in self.eras if after < era.since <= until]


def load(session: Session, profile: Profile, directory: Directory) -> Eras:
    """The eras of one profile with the directory as it is; a notice that another replaced has left no trace."""
    calendar = statutory()
    eras = [Era(ALWAYS, 0, Rules(profile, calendar, directory))]
    for notice in session.scalars(select(HolidayNotice).order_by(HolidayNotice.entered_at)):
        calendar = in_force(calendar, (notice,))
        eras.append(Era(notice.entered_at, notice.year, Rules(profile, calendar, directory)))
    return Eras(tuple(eras))
