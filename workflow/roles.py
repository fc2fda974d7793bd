"""Who people are to a case: roles (岗位) held for a place, towards one case, or for the length of a watch."""

from enum import StrEnum


class Role(StrEnum):
    """Six are granted for a part of the tree and sectors, two follow from the case, three from the roster (值班表)."""

    INSPECTOR = "inspector"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    DUTY_OFFICER = "duty_officer"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"
    OPENER = "opener"
    RESPONSIBLE = "responsible"
    ON_DUTY = "on_duty"
    DUTY_LEADER = "duty_leader"
    DUTY_ABOVE = "duty_above"
    LEAD = "lead"
    LISTER = "lister"
    SPONSOR = "sponsor"


LABELS = {
    Role.INSPECTOR: "检查人员",
    Role.DISPATCHER: "交办人员",
    Role.SUPERVISOR: "审核人员",
    Role.DUTY_OFFICER: "值班人员",
    Role.LEADER: "领导",
    Role.ADMINISTRATOR: "管理员",
    Role.OPENER: "发现人",
    Role.RESPONSIBLE: "责任单位",
    Role.ON_DUTY: "值班员",
    Role.DUTY_LEADER: "带班领导",
    Role.DUTY_ABOVE: "上级值班员",
    Role.LEAD: "督办部门",
    Role.LISTER: "挂牌单位",
    Role.SPONSOR: "包案领导",
}
