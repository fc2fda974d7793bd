"""Refusals (拒绝) that only listings know; the docstring of a name is the message its reader sees."""

from workflow.refusals import Refusal


class NoticeTaken(Refusal):
    """这个督办通知书文号已经用过。"""

    status = 409


class WordsTooLong(Refusal):
    """内容太长。"""


class NotAnOffice(Refusal):
    """督办部门须是政府或部门，不能是责任单位自己。"""


class NeedsSponsor(Refusal):
    """包案领导须对本事项有领导岗位。"""


class PlanByOutOfRange(Refusal):
    """治理方案报送期限须在今天或以后，且不晚于整改期限。"""


class NeedsFiledPlan(Refusal):
    """没有报送治理方案（五落实）的挂牌事项，不能申请验收。"""


class AlreadyEntered(Refusal):
    """这件事已经办过，不能重复登记。"""

    status = 409


class NotYourStep(Refusal):
    """验收由督办部门、区级、挂牌单位分步进行，这一步不由您办理。"""

    status = 403


class OnlyAboveDistrict(Refusal):
    """只有市级、省级挂牌才需要区级验收。"""


class NeedsStepsBelow(Refusal):
    """下一级验收合格以后，才能进行这一步。"""


class OtherStepsWork(Refusal):
    """申请验收和各步验收须由不同的人办理，验收的人不能摘牌。"""

    status = 403


class HazardsStillOpen(Refusal):
    """所督办的隐患没有全部销号，不能摘牌。"""

    status = 409


class NotHigher(Refusal):
    """提级须提到更高的一级。"""


class WrongBody(Refusal):
    """挂牌单位与挂牌级别不相符，或者没有变化。"""


class AlreadyListed(Refusal):
    """所列隐患已在这一级挂牌督办，同一级只能挂牌一次。"""

    status = 409


class HazardNotOpen(Refusal):
    """只有未办结的隐患才能列入挂牌督办。"""


class HazardsApart(Refusal):
    """一件挂牌事项所列的隐患须在同一区县。"""


class AlreadyCovered(Refusal):
    """这件隐患已在本挂牌事项之中。"""

    status = 409


class NotCovered(Refusal):
    """这件隐患不在本挂牌事项之中。"""


class LastHazard(Refusal):
    """挂牌事项至少要督办一件隐患，最后一件不能移出。"""

    status = 409
