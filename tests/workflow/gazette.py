"""The golden table of working days: the notices of 2019 to 2026 (`gazette.toml`), laid one over the other as issued."""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from workflow.calendar import statutory_holidays

TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
YEARS = sorted(map(int, TABLE))
# 国办发明电〔2020〕1号 gave two days more than the law: 31 January, and 1 February that was to be worked.
GIVEN = {2020: 2}


def notices(year: int) -> list[dict[str, Any]]:
    """The year's notices, oldest first."""
    return list(TABLE[str(year)]["notices"])


def working_days(year: int) -> int:
    """How many working days the year has, as it was counted by hand."""
    return int(TABLE[str(year)]["working_days"])


def run(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def days_off(row: dict[str, Any]) -> Iterator[date]:
    """The days off of one holiday."""
    return run(row["from"], row.get("to", row["from"]))


def said(year: int) -> dict[date, bool]:
    """Every day that the year's notices name, and whether it is worked; the later notice is right."""
    named: dict[date, bool] = {}
    for notice in notices(year):
        for row in notice["holidays"]:
            named |= dict.fromkeys(days_off(row), False) | dict.fromkeys(row.get("working", ()), True)
    return named


def with_the_law(year: int, off: dict[date, str]) -> dict[date, str]:
    """These days off and those of the law, which no notice leaves out and which are off anyway."""
    return {day: name for name, days in statutory_holidays(year).items() for day in days} | off


def shape(year: int) -> Iterator[date]:
    """Every day of the year, and those before it that its notice names."""
    yield from (day for day in said(year) if day.year < year)
    yield from run(date(year, 1, 1), date(year, 12, 31))
