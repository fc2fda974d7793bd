"""The limits (时限) the engine asks a profile for: their names, units and shape, never their figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from types import MappingProxyType


class Unit(StrEnum):
    """What a limit is counted in; natural days (自然日) and working days (工作日) never convert into each other.

    A clock time (每日定时) is not counted at all: due at the next of the listed times of day in Shanghai.
    """

    MINUTE = "minute"
    HOUR = "hour"
    NATURAL_DAY = "natural_day"
    WORKING_DAY = "working_day"
    CLOCK_TIME = "clock_time"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a promise may take, in `unit`, with its legal `source`; `rolls` moves a last natural day off onward.

    `cap` is the longest anyone may set instead of `amount`, in the same unit and from the same anchor. `at` lists the
    times of day of a clock time, whose `amount` is 1.
    """

    amount: int
    unit: Unit
    source: str
    rolls: bool = False
    cap: int | None = None
    at: tuple[time, ...] = ()


@dataclass(frozen=True, slots=True)
class NotOwed:
    """Nothing is owed (不要求), and the `source` that says so; never the same as a limit of nought."""

    source: str


# fmt: off
TITLES: Mapping[str, str] = MappingProxyType({
    "hazard.assign":               "隐患交办",
    "hazard.decline":              "责任单位退回交办",
    "hazard.rectify":              "隐患整改",
    "hazard.report":               "整改情况书面反馈",
    "hazard.recheck":              "整改复查",
    "hazard.close":                "隐患销号",
    "hazard.reply":                "移送事项回函",
    "hazard.extension_lead":       "延期申请提前期",
    "hazard.extension_decision":   "延期申请答复",
    "hazard.extension_cap":        "延期累计上限",

    "listing.list":                "挂牌决定",
    "listing.plan":                "治理方案报送",
    "listing.rectify":             "挂牌隐患整改",
    "listing.progress":            "整改进展报告",
    "listing.record":              "挂牌备案",
    "listing.publish":             "挂牌公布",
    "listing.accept":              "挂牌验收",
    "listing.delist":              "摘牌",
    "listing.publish_delisting":   "摘牌公布",
    "listing.reply":               "提请上级挂牌答复",
    "listing.suspension":          "挂牌中止期间复核",
    "listing.extension_lead":      "挂牌延期申请提前期",
    "listing.extension_decision":  "挂牌延期申请答复",
    "listing.extension_cap":       "挂牌延期累计上限",

    "round.collect":               "曝光名单征集",
    "round.approve":               "曝光名单审批",
    "round.publish":               "曝光发布",
    "round.settle":                "曝光督办周期",
    "round.suspension":            "曝光中止期间复核",
    "round.extension_lead":        "曝光延期申请提前期",
    "round.extension_decision":    "曝光延期申请答复",
    "round.extension_cap":         "曝光延期累计上限",

    "incident.answer":             "值班应答",
    "incident.acknowledgement":    "值班应答有效期",
    "incident.unit":               "事发单位报告",
    "incident.phone":              "电话报告",
    "incident.written":            "书面报告",
    "incident.upward":             "逐级上报",
    "incident.follow_up":          "续报",
    "incident.supplement":         "伤亡变化补报",
    "incident.final":              "终报",
    "incident.close":              "事件办结",
    "incident.reply":              "移送事件回函",
    "incident.suspension":         "终报中止期间复核",
    "incident.extension_lead":     "终报延期申请提前期",
    "incident.extension_decision": "终报延期申请答复",
    "incident.extension_cap":      "终报延期累计上限",

    "measure.carry_out":           "督办措施落实",
    "measure.reply":               "督办措施书面回复",
    "measure.close":               "督办措施办结",
    "measure.suspension":          "督办措施中止期间复核",
    "measure.extension_lead":      "督办措施延期申请提前期",
    "measure.extension_decision":  "督办措施延期申请答复",
    "measure.extension_cap":       "督办措施延期累计上限",
})

# Ten years: beyond it a figure is a slip of the pen, and a due date soon leaves the calendar.
LONGEST: Mapping[Unit, int] = MappingProxyType({
    Unit.MINUTE:      10 * 366 * 24 * 60,
    Unit.HOUR:        10 * 366 * 24,
    Unit.NATURAL_DAY: 10 * 366,
    Unit.WORKING_DAY: 10 * 250,
    Unit.CLOCK_TIME:  1,
})

# What a level (级别) means, each workflow says.
LEVELS: Mapping[str, frozenset[str]] = MappingProxyType({
    "hazard":   frozenset({"general", "major"}),
    "listing":  frozenset({"town", "district", "city", "province"}),
    "round":    frozenset({"town", "district", "city"}),
    "incident": frozenset({"general", "larger", "major", "special"}),
    "measure":  frozenset({"talk", "bulletin", "case_filing", "warning_letter", "closure"}),
})
# fmt: on

KINDS: frozenset[str] = frozenset({"work", "fire", "traffic", "natural", "other"})

NAMES: frozenset[str] = frozenset(TITLES)

# Guards measure by these: they are always owed, and no time of day will do.
SPANS: frozenset[str] = frozenset({"hazard.decline"}).union(
    name for name in NAMES if name.endswith((".rectify", ".extension_lead", ".extension_cap"))
)


def parts(name: str) -> frozenset[str]:
    """What a limit may have figures of its own for: the levels of its workflow and, for an incident, its kinds."""
    workflow = name.partition(".")[0]
    return LEVELS[workflow] | (KINDS if workflow == "incident" else frozenset())
