"""The ladders (升级阶梯): what happens at which offset from a promise, and who is told."""

from workflow.limits import Unit
from workflow.roles import Role
from workflow.table import L

_DAY = Unit.NATURAL_DAY
_UNIT = frozenset({Role.RESPONSIBLE})
_DESK = frozenset({Role.DISPATCHER})
_CHIEF = frozenset({Role.SUPERVISOR})
_LEADER = frozenset({Role.LEADER})

# fmt: off
OVERDUE = (
    # name          after  unit   what it says            who is told         what it proposes
    L("remind",        -3, _DAY,  "临期提醒",             _UNIT),
    L("breach",         0, _DAY,  "已超期",               _UNIT | _DESK),
    L("supervisor",     1, _DAY,  "超期1日，报审核人员",  _CHIEF),
    L("exposure",       3, _DAY,  "超期3日，建议曝光",    _CHIEF,             proposes="exposure"),
    L("talk",           7, _DAY,  "超期7日，建议约谈",    _CHIEF,             proposes="talk"),
    L("listing",       15, _DAY,  "超期15日，建议挂牌督办", _CHIEF,          proposes="listing"),
)


UNANSWERED = (
    L("breach",         0, _DAY,  "已超期",               _UNIT | _DESK),
    L("supervisor",     1, _DAY,  "超期1日，报审核人员",  _CHIEF),
    L("warning_letter", 3, _DAY,  "超期3日，报领导，建议警示函", _CHIEF | _LEADER, proposes="warning_letter"),
)


def desk(*tell: Role) -> tuple[L, ...]:
    """The ladder of a promise an office itself made: those who owe it are told, then the supervisor, then the leader."""
    return (
        L("breach",      0, _DAY,  "已超期",              frozenset(tell)),
        L("supervisor",  1, _DAY,  "超期1日，报审核人员", _CHIEF),
        L("leader",      3, _DAY,  "超期3日，报领导",     _LEADER),
    )
# fmt: on


ACTS = {
    "exposure": "曝光",
    "talk": "约谈",
    "bulletin": "通报",
    "listing": "挂牌督办",
    "case_filing": "立案",
    "warning_letter": "警示函",
    "closure": "提请关闭",
}
