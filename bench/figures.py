"""Figures: what was measured, beside what, and whether it is what was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Goal:
    """What must be reached and what would be better; `less`: smaller figures are better."""

    must: float
    stretch: float
    less: bool = False

    def verdict(self, value: float) -> str:
        """`stretch`, `met` or `missed`."""
        for name, bound in (("stretch", self.stretch), ("met", self.must)):
            if value <= bound if self.less else value >= bound:
                return name
        return "missed"

    def __str__(self) -> str:
        return f"{'≤' if self.less else '≥'} {self.must:g} / {self.stretch:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the page: the value, in `unit` (× for a ratio), its goal if it has one, the medians it is made of."""

    what: str
    database: str
    against: str
    value: float
    unit: str
    goal: Goal | None
    made_of: str

    @property
    def verdict(self) -> str:
        """How it stands to its goal; a dash without one."""
        return self.goal.verdict(self.value) if self.goal else "–"

    @property
    def shown(self) -> str:
        """The value for people."""
        return f"{self.value:.3g} {self.unit}"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Median of the ratios of neighbours: both sides of one round met the same noise."""
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def spread(values: Sequence[float]) -> str:
    """Median with least and most, for people."""
    return f"{median(values):.4g} ({min(values):.4g}–{max(values):.4g})"
