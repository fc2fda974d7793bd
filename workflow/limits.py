"""The limits (时限) the engine asks a profile for: their names, units and shape, never their figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Unit(StrEnum):
    """What a limit is counted in; natural days (自然日) and working days (工作日) never convert into each other."""

    MINUTE = "minute"
    HOUR = "hour"
    NATURAL_DAY = "natural_day"
    WORKING_DAY = "working_day"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a promise may take, in `unit`, with its legal `source`; `rolls` moves a last natural day off onward.

    `cap` is the longest anyone may set instead of `amount`, in the same unit and from the same anchor.
    """

    amount: int
    unit: Unit
    source: str
    rolls: bool = False
    cap: int | None = None


# fmt: off
TITLES: Mapping[str, str] = MappingProxyType({
    "hazard.assign":             "隐患交办",
    "hazard.decline":            "责任单位退回交办",
    "hazard.rectify":            "隐患整改",
    "hazard.report":             "整改情况书面反馈",
    "hazard.recheck":            "整改复查",
    "hazard.close":              "隐患销号",
    "hazard.reply":              "移送事项回函",
    "hazard.extension_lead":     "延期申请提前期",
    "hazard.extension_decision": "延期申请答复",
    "hazard.extension_cap":      "延期累计上限",
})

# Ten years: beyond it a figure is a slip of the pen, and a due date soon leaves the calendar.
LONGEST: Mapping[Unit, int] = MappingProxyType({
    Unit.MINUTE:      10 * 366 * 24 * 60,
    Unit.HOUR:        10 * 366 * 24,
    Unit.NATURAL_DAY: 10 * 366,
    Unit.WORKING_DAY: 10 * 250,
})
# fmt: on

NAMES: frozenset[str] = frozenset(TITLES)

LEVELS: frozenset[str] = frozenset({"general", "major"})
