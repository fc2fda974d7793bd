"""Who people are to a case: roles (岗位) held for a place, and the two held towards one case."""

from enum import StrEnum


class Role(StrEnum):
    """The first six are granted for a part of the tree and sectors; the last two follow from the case itself."""

    INSPECTOR = "inspector"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    DUTY_OFFICER = "duty_officer"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"
    OPENER = "opener"
    RESPONSIBLE = "responsible"


LABELS = {
    Role.INSPECTOR: "检查人员",
    Role.DISPATCHER: "交办人员",
    Role.SUPERVISOR: "审核人员",
    Role.DUTY_OFFICER: "值班人员",
    Role.LEADER: "领导",
    Role.ADMINISTRATOR: "管理员",
    Role.OPENER: "发现人",
    Role.RESPONSIBLE: "责任单位",
}
