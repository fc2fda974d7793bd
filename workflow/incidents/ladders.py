"""The ladders of minute clocks (升级阶梯): whoever is on duty at that instant, then the next level, then leaders."""

from workflow.limits import Unit
from workflow.roles import Role
from workflow.table import L

_MIN = Unit.MINUTE
_WATCH = frozenset({Role.ON_DUTY})
_BOTH = frozenset({Role.ON_DUTY, Role.DUTY_LEADER})
_ABOVE = frozenset({Role.DUTY_ABOVE})
_LEADER = frozenset({Role.LEADER})
_CHIEFS = frozenset({Role.SUPERVISOR, Role.LEADER})

# fmt: off
MINUTES = (
    # name        after  unit  what it says              who is told
    L("remind",      -5, _MIN, "即将到时",               _WATCH),
    L("breach",       0, _MIN, "已超时",                 _BOTH),
    L("above",        5, _MIN, "超时5分钟，报上级值班",  _ABOVE),
    L("leader",      15, _MIN, "超时15分钟，报领导",     _CHIEFS),
)


def calling(unanswered: str) -> tuple[L, ...]:
    """Somebody has to take it on: the officer on duty is called, then each next level, until someone acknowledges."""
    return (
        L("breach",       0, _MIN, unanswered,                                _WATCH),
        L("duty_leader",  5, _MIN, f"{unanswered}，5分钟后报带班领导",        frozenset({Role.DUTY_LEADER})),
        L("above",       10, _MIN, f"{unanswered}，10分钟后报上级值班",       _ABOVE),
        L("leader",      15, _MIN, f"{unanswered}，15分钟后报领导",           _LEADER),
    )
# fmt: on
