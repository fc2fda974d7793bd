"""The hazards of a round (曝光条目) as decisions look at them, and those that could be taken in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

# What can still be made public to press for it: neither rectified nor gone.
OWED = ("discovered", "assigned", "rectifying", "submitted")
# What a hazard's state makes of its item at settlement; every other state is carried over.
OUTCOMES: Mapping[str, str] = {"verified": "rectified", "closed": "rectified", "voided": "withdrawn"}
# How a hazard came into a round; what is true of one in several ways goes by the first.
SOURCES: Mapping[str, str] = {
    "carried": "上轮结转",
    "overdue": "整改超期",
    "rejected": "两次复查不合格",
    "proposed": "督办建议",
    "hand": "人工添加",
}
# Twice rejected is a candidate; carried over so often, it takes more than another round.
REJECTIONS = 2
TWICE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One hazard of one round: how it stands there, and what of the hazard a bulletin or a settlement may need.

    `due_at`: of its rectification; `late`: that promise runs and is broken. Money and area are of what was verified.
    """

    hazard_id: str
    source: str
    consecutive: int
    public_text: str | None
    withheld: str | None
    outcome: str | None
    number: str
    state: str
    sector: str | None
    town: str | None
    enterprise_id: str | None
    enterprise: str | None
    description: str
    found_by: str | None
    sealed: str | None
    due_at: datetime | None
    late: bool
    money_fen: int
    area_m2: float

    @property
    def stands(self) -> bool:
        """Whether it is in the round and nothing has become of it yet."""
        return self.outcome is None

    @property
    def counts(self) -> bool:
        """Whether it was in the round when the list was made public."""
        return self.outcome != "dropped"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A hazard that may be taken in: why, and how many rounds in a row it would then stand in."""

    hazard_id: str
    source: str
    consecutive: int


@dataclass(frozen=True, slots=True)
class Nominee:
    """A hazard that somebody names: whether it is one of this place that is still owed, and free of other rounds."""

    hazard_id: str
    owed: bool
    taken: bool
    consecutive: int
