"""The ladder of a listing's rectification (挂牌整改的升级阶梯)."""

from workflow.limits import Unit
from workflow.roles import Role
from workflow.table import L

_DAY = Unit.NATURAL_DAY
_UNIT = frozenset({Role.RESPONSIBLE})
_LISTER = frozenset({Role.LISTER})

# fmt: off
SUPERVISED = (
    # name          after  unit   what it says               who is told                 what it proposes
    L("remind_15",    -15, _DAY,  "期满前15日提醒",          _UNIT),
    L("remind_3",      -3, _DAY,  "期满前3日提醒",           _UNIT | {Role.LEAD}),
    L("breach",         0, _DAY,  "已超期",                  _UNIT | {Role.LEAD}),
    L("sponsor",        1, _DAY,  "超期1日，报包案领导",     frozenset({Role.SPONSOR})),
    L("lister",         3, _DAY,  "超期3日，报挂牌单位",     _LISTER),
    L("bulletin",       7, _DAY,  "超期7日，建议通报",       _LISTER,                    proposes="bulletin"),
    L("case_filing",   15, _DAY,  "超期15日，建议立案",      _LISTER,                    proposes="case_filing"),
)
# fmt: on
