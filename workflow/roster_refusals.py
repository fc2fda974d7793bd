"""Refusals about the duty roster (值班表): planning, hand-overs and swaps."""

from workflow.refusals import Refusal


class UnknownWatch(Refusal):
    """没有这个班次，或者您无权查看。"""

    status = 404


class UnknownSwap(Refusal):
    """没有这份换班申请，或者您无权查看。"""

    status = 404


class PlanRefused(Refusal):
    """值班安排有问题，全部没有保存。"""


class NoRosterHere(Refusal):
    """企业和服务机构不在这里编排值班表。"""


class BadWatchLength(Refusal):
    """班次的起止时间不对。"""


class WatchInPast(Refusal):
    """已经过去的班次不能补排。"""


class WatchTooFarAhead(Refusal):
    """值班表最多提前一年编排。"""


class WatchesOverlap(Refusal):
    """与另一个班次的时间重叠。"""


class GapInPlan(Refusal):
    """前后两个班次之间有空档，无人值班。"""


class OnePersonAtBothPosts(Refusal):
    """同一班次的值班员和带班领导须是两个人。"""


class UnrelatedPerson(Refusal):
    """这个人的单位与值班单位没有上下级关系，或者是企业，不能排班。"""


class WatchBegun(Refusal):
    """班次已经开始或者已被接班，人员不能再改。"""

    status = 409


class BadRotation(Refusal):
    """轮班的日期或人员不全。"""


class NotOnThisWatch(Refusal):
    """只有本班次的当班人员能办理。"""

    status = 403


class HandOverTooEarly(Refusal):
    """还没有到交班时间。"""

    status = 409


class AlreadyHandedOver(Refusal):
    """这个班次已经交班。"""

    status = 409


class NotHandedOver(Refusal):
    """上一班还没有交班，不能接班。"""

    status = 409


class NotTheNextOfficer(Refusal):
    """只有下一班的值班员能接班。"""

    status = 403


class AlreadyTakenOver(Refusal):
    """这个班次已被接班。"""

    status = 409


class SwapWithOneself(Refusal):
    """换班须换给另一个人。"""


class SwapPending(Refusal):
    """这个班次的这个岗位已有一份换班申请等待答复。"""

    status = 409


class SwapSettled(Refusal):
    """这份换班申请已有结果。"""

    status = 409


class NotYourSwap(Refusal):
    """这份换班申请不由您答复。"""

    status = 403
