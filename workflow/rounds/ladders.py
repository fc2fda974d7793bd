"""The ladder (升级阶梯) of a round's cycle."""

from workflow.limits import Unit
from workflow.roles import Role
from workflow.table import L

_DAY = Unit.NATURAL_DAY
_DESK = frozenset({Role.DISPATCHER})
_CHIEF = frozenset({Role.SUPERVISOR})

# fmt: off
CYCLE = (
    # name     after  unit   what it says          who is told
    L("week",     -7, _DAY,  "期满前7日提醒",      _DESK | _CHIEF),
    L("remind",   -3, _DAY,  "期满前3日提醒",      _DESK | _CHIEF),
    L("breach",    0, _DAY,  "已期满，未结算",     _DESK | _CHIEF),
    L("leader",    3, _DAY,  "期满3日，报领导",    frozenset({Role.LEADER})),
)
# fmt: on
