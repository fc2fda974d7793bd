"""Refusals (拒绝) have names; the docstring of a name is the message its reader sees."""

from typing import Any, ClassVar


class Refusal(Exception):
    """操作被拒绝。"""

    status: ClassVar[int] = 422

    def __init__(self, *, field: str | None = None, right: str | None = None, **facts: Any) -> None:
        """Name the offending `field`, what would be `right` (Chinese), and any facts worth showing."""
        super().__init__(type(self).__name__)
        self.field = field
        self.right = right
        self.facts = facts

    @property
    def message(self) -> str:
        """The Chinese sentence for the person who was refused."""
        return (type(self).__doc__ or "").strip()

    def __str__(self) -> str:
        parts = [self.message]
        if self.field:
            parts.append(f"字段：{self.field}。")
        if self.right:
            parts.append(f"应为：{self.right}")
        return "".join(parts)


class UnknownCase(Refusal):
    """没有这个事项，或者您无权查看。"""

    status = 404


class UnknownTrigger(Refusal):
    """没有这种操作。"""

    status = 404


class IllegalMove(Refusal):
    """当前状态下不能进行这项操作。"""

    status = 409


class StaleVersion(Refusal):
    """您打开页面之后，这个事项已被他人处理，请看清最新情况后再操作。"""

    status = 412


class NotYourRole(Refusal):
    """您的岗位不能进行这项操作。"""

    status = 403


class Missing(Refusal):
    """缺少必填内容。"""


class OwnWork(Refusal):
    """自己整改的不能自己复查，自己复查的不能自己销号，自己申请延期的不能自己审批：须换一个人。"""

    status = 403


class OwnOrganisation(Refusal):
    """整改单位不能复查本单位的隐患：须由另一个机构复查。"""

    status = 403


class NeedsSecondOfficer(Refusal):
    """复查须有两名执法人员，第二名须是有检查岗位的另一个人，且不属于整改单位。"""


class NeedsResponsibleUnit(Refusal):
    """交办须写明责任单位。"""


class NeedsFiveElements(Refusal):
    """重大隐患开始整改前，责任、措施、资金、时限、预案“五落实”须全部写明。"""


class SameLevel(Refusal):
    """级别没有变化，或者不是一个级别。"""


class NeedsEvidence(Refusal):
    """没有整改后的佐证材料，不能提交、复查或销号。"""


class EvidenceNotArrived(Refusal):
    """有申报的佐证材料还没有收到，收齐后才能提交。"""


class NeedsSignOff(Refusal):
    """重大隐患须经领导签批后才能销号。"""


class OnlyMajor(Refusal):
    """只有重大隐患需要领导签批。"""


class AlreadySigned(Refusal):
    """本轮已经签批，无须再签。"""


class ExtensionPending(Refusal):
    """已有一份延期申请等待答复，同时只能有一份。"""

    status = 409


class NoExtensionPending(Refusal):
    """没有等待答复的延期申请。"""

    status = 409


class ExtensionTooLate(Refusal):
    """延期申请已过提出的最后时间。"""


class ExtensionTooLong(Refusal):
    """延期超过了本地规定的上限。"""


class ExtensionNotLater(Refusal):
    """延期后的期限须晚于现在的期限。"""


class RectifyByOutOfRange(Refusal):
    """整改期限须在今天之后（当场整改的可以是今天），且不超过本地规定的上限。"""


class DeadlineAlreadyMissed(Refusal):
    """整改期限已经超期，不能改期，也来不及申请延期，超期如实记录。"""


class DeclineTooLate(Refusal):
    """“不属本单位”须在规定时间内提出，现在已过时间。"""


class NeedsDuplicateOrReason(Refusal):
    """作废须写明理由，或者写明与哪一件重复。"""


class UnknownDuplicate(Refusal):
    """所称重复的那一件不存在、已作废，或者就是本件。"""


class ActAlreadyDecided(Refusal):
    """这项督办措施已有决定。"""

    status = 409


class InTheFuture(Refusal):
    """所填的时间还没有到，只能填写已经发生的时间。"""


class BeforeItsTime(Refusal):
    """所填的时间早于它所依据的那一步，请核对。"""


class ActOfYourOwn(Refusal):
    """自己提出的督办建议不能由自己采纳，须由另一名审核人员决定。"""

    status = 403


class ActNotAboutThis(Refusal):
    """这种督办措施不适用于这类事项。"""


class OwnMeasure(Refusal):
    """自己落实的督办措施不能由自己办结，须换一个人。"""

    status = 403


class NeedsReply(Refusal):
    """这项督办措施要求书面回复，收到回复后才能办结。"""


class PenaltyAlreadyRecorded(Refusal):
    """这份行政处罚决定书已经登记过。"""

    status = 409


class UnknownOrganisation(Refusal):
    """没有这个机构或企业，或者您无权使用。"""


class UnknownPerson(Refusal):
    """没有这个人员，或者已停用。"""
