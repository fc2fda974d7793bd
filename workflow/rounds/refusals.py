"""Refusals of rounds (曝光督办); the docstring of a name is the message its reader sees."""

from workflow.refusals import Refusal


class NoCandidates(Refusal):
    """现在没有可以列入的隐患。"""


class UnknownHazard(Refusal):
    """没有这件隐患，或者它不在本轮范围内、已整改合格或已移送。"""


class AlreadyInRound(Refusal):
    """这件隐患已在本轮名单中。"""

    status = 409


class HazardInAnotherRound(Refusal):
    """这件隐患已列入另一轮未结算的曝光督办。"""

    status = 409


class NotInRound(Refusal):
    """这件隐患不在本轮名单中，或者已有结果。"""


class UnknownAct(Refusal):
    """没有这种督办措施。"""


class EmptyRound(Refusal):
    """名单是空的，不能冻结。"""


class OwnFreeze(Refusal):
    """冻结名单的人不能批准这份名单。"""


class PublishedWhen(Refusal):
    """公布时间不对：不能早于名单批准的时间，也不能晚于现在。"""


class SettlesTooEarly(Refusal):
    """本轮期限未到，还有隐患没有整改合格，不能结算。"""


class TownWanted(Refusal):
    """镇街一级的轮次须写明镇街道，其他级别的不写。"""


class NotPublished(Refusal):
    """本轮名单还没有公布。"""

    status = 404
