"""The closure counter (安全生产法第113条): penalties in 180 days or in a year. Pure: days in, windows out.

The day of a penalty does not count (民法典第201条): one of 1 January and one of 30 June 2026 lie within 180 days.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Penalised:
    """One penalty: the day it was decided and the number of its paper."""

    decided_on: date
    document: str


@dataclass(frozen=True, slots=True)
class Span:
    """So many penalties (`times`) until `last`, the last day of a span that begins with a penalty of that day."""

    name: str
    label: str
    times: int
    last: Callable[[date], date]


@dataclass(frozen=True, slots=True)
class Window:
    """The penalties that lie within one span up to the day of one of them, oldest first."""

    span: str
    label: str
    ends_on: date
    penalties: tuple[Penalised, ...]
    reached: bool

    @property
    def key(self) -> tuple[str, date]:
        """What makes it this window, however many penalties turn out to lie in it."""
        return self.span, self.ends_on


@dataclass(frozen=True, slots=True)
class Counter:
    """Every window that ends with a penalty, by span and day."""

    windows: tuple[Window, ...]

    @property
    def reached(self) -> tuple[Window, ...]:
        """Those with so many penalties that closure is to be proposed where there is a major hazard."""
        return tuple(window for window in self.windows if window.reached)


def a_year_after(day: date) -> date:
    """The same day of the next year; the last of February where there is none (民法典第202条)."""
    return date(day.year + 1, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


SPANS = (
    Span("180_days", "180日内3次", 3, lambda day: day + timedelta(days=180)),
    Span("year", "1年内4次", 4, a_year_after),
)


def counter(penalties: Iterable[Penalised]) -> Counter:
    """Count; in whatever order the penalties come, the windows are the same."""
    known = sorted(set(penalties))
    days = sorted({penalty.decided_on for penalty in known})
    return Counter(tuple(_window(span, day, known) for span in SPANS for day in days))


def _window(span: Span, day: date, known: Iterable[Penalised]) -> Window:
    inside = tuple(p for p in known if p.decided_on <= day <= span.last(p.decided_on))
    return Window(span.name, span.label, day, inside, reached=len(inside) >= span.times)
