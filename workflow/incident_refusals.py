"""Refusals about incidents (突发事件): the docstring of a name is the message its reader sees."""

from workflow.refusals import Refusal


class NeedsWhen(Refusal):
    """发生时间和接报时间至少写明一个，并写明从哪一个起算、依据是什么。"""


class UnknownIncidentKind(Refusal):
    """没有这一种类的突发事件。"""


class WrongFigure(Refusal):
    """伤亡人数和损失须是不小于0的整数，不清楚的不填。"""


class LevelBelowFigures(Refusal):
    """所定级别低于伤亡和损失数字已经达到的级别，或者不是一个级别。"""


class LevelNeedsReason(Refusal):
    """级别高于伤亡和损失数字所达到的，须写明理由。"""


class NothingChanged(Refusal):
    """没有写明任何变化。"""


class CasualtyWindowClosed(Refusal):
    """伤亡变化的补报期间已满，不再改变级别，也不因此重新打开。"""


class OwnFinalReport(Refusal):
    """终报由谁提交，就不能由谁办结：须换一个人。"""

    status = 403


class OwnReport(Refusal):
    """参与过本事件信息报告的人，不能认定这些报告迟漏谎瞒：须换一个人。"""

    status = 403


class NeedsProof(Refusal):
    """认定迟漏谎瞒须有证明材料。"""
