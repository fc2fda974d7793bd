"""The day a sheet speaks of (统计截止): named by its titles, else by its name, else by who filled it in."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from ledger.dates import parse_day
from ledger.refusals import ImpossibleDay
from ledger.sheets import Cell, Grid
from ledger.words import text

# 治本攻坚三年行动（2024—2026年） names a campaign, not the day of the paper.
_YEARS = re.compile(r"(?:19|20)\d\d\s*年?\s*(?:[-—–－~～至到]|——)\s*(?:19|20)\d\d\s*年?(?![-./月\d])")
_FILLED_IN = re.compile(r"(?:填报|填表|制表|上报|报送|统计)(?:日期|时间)\s*[:：]?\s*([^:：]+)")
FOOTER = 10  # rows at the end of a sheet in which it may be signed


def stated_on(grid: Grid, first: int, *, today: date | None = None) -> date | None:
    """The latest such day above row `first` (0-based) of the header, never one after `today`."""
    titles = [cell for row in grid.rows[:first] for cell in row]
    signed = [found[1] for row in grid.rows[-FOOTER:] for cell in row if (found := _FILLED_IN.search(text(cell)))]
    days = (_latest(cells, today) for cells in (titles, [grid.sheet], signed))
    return next(filter(None, days), None)


def named_on(name: str, *, today: date | None = None) -> date | None:
    """The latest day a file's name speaks of, never one after `today`."""
    return _latest([name], today)


def _latest(cells: Iterable[Cell], today: date | None) -> date | None:
    return max((min(day, today or day) for day in _days(cells, today)), default=None)


def _days(cells: Iterable[Cell], today: date | None) -> Iterator[date]:
    for cell in cells:
        try:
            day = parse_day(_YEARS.sub("", cell) if isinstance(cell, str) else cell)
        except ImpossibleDay:
            continue
        if day.first and day.last and not (today and day.first > today):
            yield day.last
