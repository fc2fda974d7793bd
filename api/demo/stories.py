"""What happens in the demo (演示情节): one table; every state, every side exit and every rung is in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Day:
    """A date of the demo's month, as a number from 0."""

    number: int


@dataclass(frozen=True, slots=True)
class Story:
    """One hazard: what it shows, what was found on which day and where, and what was then done on which day.

    `begins`: "open", or "adopt" for one that a ledger brought.
    """

    shows: str
    found: str
    at: str
    day: int
    steps: tuple[tuple[int, str, Mapping[str, Any]], ...]
    level: str = "general"
    repeats: str = ""
    begins: str = "open"


def by(number: int) -> dict[str, Any]:
    """Rectification within that day of the month."""
    return {"rectify_by": Day(number)}


NONE: Mapping[str, Any] = {}
PLAN = {
    "plan_responsibility": "总经理负总责，车间主任具体负责",
    "plan_measures": "停用罐区，加装紧急切断阀和高液位联锁",
    "plan_funds": "自筹 38 万元，已到账",
    "plan_time_limit": "三周内完成",
    "plan_contingency": "整改期间罐区清空，配备消防车值守",
}
MORE_TIME = {"reason": "定制防火门到货推迟", "control_measures": "安排专人每两小时巡查，营业时间停用该区域"}

# fmt: off
STORIES = (
    Story("一次整改合格", "仓库安全出口被杂物堵塞", "chemical", 1, (
        (1, "assign", by(15)), (2, "start", NONE), (8, "submit", NONE), (10, "verify", NONE), (11, "close", NONE))),
    Story("复查不合格，退回再改", "临边防护栏杆缺失", "builder", 1, (
        (1, "assign", by(18)), (3, "start", NONE), (9, "submit", NONE),
        (11, "reject", {"note": "三层东侧仍缺两处栏杆"}), (15, "submit", NONE), (17, "verify", NONE),
        (18, "close", NONE))),
    Story("逾期不改，逐级升级", "后厨燃气软管穿墙敷设，未装报警器", "diner", 0, (
        (0, "assign", by(5)), (10, "accept", {"act": "exposure", "reason": "逾期多日未动工，同意曝光"}),
        (15, "refuse", {"act": "talk", "reason": "业主住院，改为电话督促"}))),
    Story("逾期后改完", "疏散指示标志损坏", "mall", 0, (
        (0, "assign", by(6)), (2, "start", NONE), (12, "submit", NONE), (14, "verify", NONE), (15, "close", NONE))),
    Story("重大隐患：五落实和领导签批", "甲醇储罐未设紧急切断阀和高液位联锁", "chemical", 1, (
        (1, "assign", by(25)), (2, "start", PLAN), (16, "submit", {"money_fen": 37_650_000}), (18, "verify", NONE),
        (19, "sign_off", NONE), (20, "close", NONE)), level="major"),
    Story("即查即改", "灭火器被货架遮挡", "mall", 6, (
        (6, "fix_on_the_spot", NONE), (7, "verify_elsewhere", NONE), (8, "close", NONE))),
    Story("申请延期获准", "常闭式防火门损坏 12 樘", "mall", 2, (
        (2, "assign", NONE), (3, "start", NONE), (6, "request_extension", {"extend_to": Day(45), **MORE_TIME}),
        (8, "grant_extension", {"note": "同意，防范措施须落实"}))),
    Story("申请延期未准", "电气线路私拉乱接", "builder", 2, (
        (2, "assign", NONE), (3, "start", NONE), (5, "request_extension", {"extend_to": Day(50), **MORE_TIME}),
        (7, "refuse_extension", {"note": "线路整改无须定制材料，按原期限完成"}))),
    Story("不属本单位，退回改派", "市政道路窨井盖缺失", "builder", 3, (
        (3, "assign", by(20)), (4, "decline", {"reason": "该路段由街道养护，不属我单位施工范围"}),
        (5, "assign", {"to": "mall"}), (7, "start", NONE))),
    Story("移送后收回", "地下室擅自改作旅馆", "mall", 2, (
        (3, "transfer", {"agency": "市消防救援支队", "reason": "属消防审批事项"}),
        (12, "take_back", {"note": "回函：由属地先行清理住人"}), (13, "assign", by(28)))),
    Story("认定为重大隐患，移送等待回函", "压力容器超期未检", "chemical", 22, (
        (22, "regrade", {"level": "major", "reason": "按特种设备重大事故隐患判定准则认定"}),
        (23, "transfer", {"agency": "区市场监督管理局", "reason": "属特种设备监察事项"}),)),
    Story("重复登记，作废", "仓库通道堆物", "chemical", 4, ((5, "void", NONE),), repeats="一次整改合格"),
    Story("回头看，重新打开", "消防水泵不能自动启动", "mall", 3, (
        (3, "assign", by(12)), (4, "start", NONE), (7, "submit", NONE), (9, "verify", NONE), (10, "close", NONE),
        (24, "reopen", {"reason": "回头看发现水泵再次故障", "rectify_by": Day(40)}))),
    Story("书面报告按时", "动火作业无审批", "chemical", 8, (
        (8, "assign", {"rectify_by": Day(30), "report_by": Day(16)}), (9, "start", NONE),
        (15, "report", {"note": "已停止全部动火作业，正在修订制度"}))),
    Story("待复查", "配电箱未接地", "builder", 18, (
        (18, "assign", by(35)), (20, "start", NONE), (29, "submit", NONE))),
    Story("复查合格，待销号", "应急照明失效", "mall", 17, (
        (17, "assign", by(33)), (18, "start", NONE), (27, "submit", NONE), (29, "verify", NONE))),
    Story("久未交办，逐级上报", "屋顶违规搭建彩钢板房", "diner", 12, ()),
    Story("台账称已整改，补佐证后复查", "", "", 5, (
        (7, "verify_elsewhere", NONE), (9, "close", NONE)), begins="adopt"),
    Story("刚刚发现", "疏散通道停放电动自行车", "mall", 30, ()),
)
# fmt: on
