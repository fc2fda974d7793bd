"""What else happens in the demo (演示情节): listings, an exposure round, incidents and the watch, as one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.demo.stories import Day


@dataclass(frozen=True, slots=True)
class At:
    """An instant of the demo's month: a day from 0 and the time in Shanghai."""

    day: int
    time: str


@dataclass(frozen=True, slots=True)
class Org:
    """An organisation of the cast."""

    key: str


@dataclass(frozen=True, slots=True)
class Who:
    """A person of the cast."""

    login: str


@dataclass(frozen=True, slots=True)
class Of:
    """The case of a story or episode."""

    shows: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A new photo on the case."""


@dataclass(frozen=True, slots=True)
class Scene:
    """When, who, what: a trigger, or one of `scenes.OPENINGS` and `scenes.OTHERS`; `data` as the move brings it."""

    when: At
    who: str
    does: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Episode:
    """What one case shows, scene by scene."""

    shows: str
    scenes: tuple[Scene, ...]


def _at(day: int, time: str, who: str, does: str, **data: Any) -> Scene:
    return Scene(At(day, time), who, does, data)


def _report(day: int, made: str, to: str, content: str) -> dict[str, Any]:
    return {
        "to_whom": to,
        "made_by": "值班员",
        "made_at": At(day, made),
        "confirmed_how": "电话复核，对方值班员收悉",
        "content": content,
    }


DELISTED, CARRIED_ON, ROUND, IN_TIME, LATE, TALK = (
    "挂牌到摘牌", "两次验收不合格，挂牌继续", "曝光督办一轮：公布到结算", "突发事件：按时报送", "突发事件：接报时电话已超时", "约谈：举行到回复",
)  # fmt: skip
MAJOR, WIRES, LATE_FIX, NEVER = "重大隐患：五落实和领导签批", "申请延期未准", "逾期后改完", "逾期不改，逐级升级"
FIVE = {
    "plan_responsibility": "企业主要负责人负总责", "plan_measures": "更换老化线路，加装剩余电流保护", "plan_funds": "自筹 12 万元",
    "plan_time_limit": "三周内完成", "plan_contingency": "整改期间分区断电，专人值守",
}  # fmt: skip
DONE = {"measures": "已按治理方案整改完毕", "evidence": (Photo(),)}

# fmt: off
EPISODES = (
    Episode(ROUND, (
        _at(0,  "10:00", "dispatcher",   "open_round",     repeats=True),
        _at(0,  "10:10", "dispatcher",   "pull_in"),
        _at(0,  "10:20", "dispatcher",   "add_item",       hazard_id=Of(LATE_FIX), reason="商贸城人员密集"),
        _at(0,  "10:25", "dispatcher",   "add_item",       hazard_id=Of(NEVER), reason="群众反映强烈"),
        _at(0,  "11:00", "dispatcher",   "freeze"),
        _at(0,  "14:00", "leader",       "approve",        note="同意公布"),
        _at(0,  "15:30", "dispatcher",   "publish",        published_at=At(0, "15:30"), published_where="区政府门户网站"),
        _at(12, "10:00", "supervisor",   "escalate_item",  hazard_id=Of(NEVER), act_kind="case_filing", reason="公布后仍未动工"),
        _at(30, "16:00", "dispatcher",   "settle",         note="本轮期满"),
    )),
    Episode(DELISTED, (
        _at(2,  "10:00", "dispatcher",   "open_listing",   hazards=(Of(MAJOR),), level="district", lister_org_id=Org("district"), basis="重大隐患，危及下游居民区"),
        _at(3,  "10:00", "leader",       "list",           notice_number="示安委督〔2026〕1号", responsible_org_id=Org("chemical"), lead_org_id=Org("bureau"),
            sponsor_id=Who("leader"), rectify_by=Day(29), plan_by=Day(10)),
        _at(4,  "10:00", "dispatcher",   "record",         recorded_with="市安委办"),
        _at(4,  "10:10", "dispatcher",   "publish",        published_where="区政府门户网站"),
        _at(4,  "11:00", "chemical",     "start"),
        _at(6,  "10:00", "chemical",     "file_plan",      **FIVE),
        _at(12, "10:00", "chemical",     "progress",       progress="切断阀已到货，完成一号、二号罐"),
        _at(16, "15:00", "chemical",     "submit",         **DONE, money_fen=37_650_000),
        _at(18, "10:00", "inspector",    "accept_by_department", note="现场查看合格"),
        _at(19, "15:00", "supervisor",   "verify",         note="资料齐全，验收合格"),
        _at(21, "10:00", "leader",       "close",          published_where="区政府门户网站"),
    )),
    Episode(CARRIED_ON, (
        _at(7,  "10:00", "dispatcher",   "open_listing",   hazards=(Of(WIRES),), level="district", lister_org_id=Org("district"), basis="工地宿舍私拉乱接，多次督促未改"),
        _at(8,  "10:00", "leader",       "list",           notice_number="示安委督〔2026〕2号", responsible_org_id=Org("builder"), lead_org_id=Org("bureau"),
            sponsor_id=Who("deputy"), rectify_by=Day(60), plan_by=Day(14)),
        _at(8,  "15:00", "builder",      "start"),
        _at(9,  "10:00", "dispatcher",   "publish",        published_where="区政府门户网站"),
        _at(9,  "10:10", "dispatcher",   "record",         recorded_with="市安委办"),
        _at(11, "10:00", "builder",      "file_plan",      **FIVE),
        _at(14, "10:00", "builder",      "submit",         **DONE),
        _at(16, "10:00", "inspector",    "reject",         note="二层宿舍未更换"),
        _at(19, "10:00", "builder",      "submit",         **DONE),
        _at(21, "10:00", "inspector",    "reject",         note="剩余电流保护器未接线"),
        _at(28, "10:00", "builder",      "progress",       progress="已请专业队伍返工"),
    )),
    Episode(TALK, (
        _at(22, "10:00", "supervisor",   "accept",         of=Of(CARRIED_ON), act="talk", reason="两次验收不合格"),
        _at(24, "15:00", "dispatcher",   "carry_out",      carried_out_at=At(24, "14:00"), attended="卫某（总经理）", minutes="要求十日内返工到位，专人盯守"),
        _at(27, "10:00", "builder",      "reply",          reply="已停用宿舍，返工队伍进场"),
        _at(29, "10:00", "supervisor",   "close",          note="回复属实"),
    )),
    Episode(IN_TIME, (
        _at(9,  "22:14", "duty_officer2", "open_incident", kind="fire", counted_from="occurred", anchor_source="119 指挥中心通报", occurred_at=At(9, "22:05"), received_at=At(9, "22:13"),
            enterprise_id=Org("mall"), place="东风商贸城二层库房", unit="东风商贸城", course="库房起火，烟气较大，正在扑救", deaths=0, informant="王某 13800000000"),
        _at(9,  "22:15", "duty_officer2", "acknowledge"),
        _at(9,  "22:19", "duty_officer2", "phone_report",  **_report(9, "22:18", "市应急指挥中心", "商贸城库房起火，人员正在疏散，伤亡不明")),
        _at(9,  "22:33", "duty_officer2", "written_report", **_report(9, "22:32", "市应急指挥中心、区委区政府总值班室", "起火时间、地点、过火面积和已采取措施")),
        _at(9,  "22:50", "mall",         "unit_report",    **_report(9, "22:48", "区应急管理局", "企业报告：无人员伤亡，火势已控制")),
        _at(9,  "23:40", "duty_officer2", "report_upward", **_report(9, "23:35", "市应急管理局", "明火已扑灭，原因正在调查")),
        _at(10, "08:00", "duty_officer2", "follow_up",     **_report(10, "07:55", "市应急指挥中心", "续报：无复燃，无伤亡，直接损失约12万元")),
        _at(10, "09:30", "duty_officer", "revise",         loss_fen=12_000_000, injured=0, reason="消防部门核定"),
        _at(11, "07:50", "duty_officer2", "follow_up",     **_report(11, "07:45", "市应急指挥中心", "续报：现场清理完毕")),
        _at(11, "16:00", "duty_officer", "final_report",   **_report(11, "15:50", "市应急指挥中心", "终报：全过程、处置、善后和教训")),
        _at(12, "09:30", "supervisor",   "close"),
    )),
    Episode(LATE, (
        _at(18, "14:20", "duty_officer", "open_incident",  kind="work", counted_from="occurred", anchor_source="120 转报", occurred_at=At(18, "14:00"), received_at=At(18, "14:18"),
            enterprise_id=Org("builder"), place="示范建设三号楼工地", unit="示范建设工程有限公司", course="塔吊拆卸时部件坠落", deaths=1, injured=2),
        _at(18, "14:22", "duty_officer", "acknowledge"),
        _at(18, "14:24", "duty_officer", "phone_report",   **_report(18, "14:23", "市应急指挥中心", "塔吊部件坠落，一死两重伤")),
        _at(18, "14:36", "duty_officer", "look"),
        _at(18, "14:46", "duty_officer", "written_report", **_report(18, "14:45", "市应急指挥中心、区委区政府总值班室", "伤亡、经过、救援和现场管控")),
        _at(18, "15:10", "duty_officer", "report_upward",  **_report(18, "15:05", "市应急管理局", "逐级上报")),
        _at(18, "15:20", "builder",      "unit_report",    **_report(18, "15:15", "区应急管理局", "企业报告事故经过")),
        _at(18, "17:40", "duty_officer", "revise",         deaths=3, injured=0, reason="两名重伤者经抢救无效死亡"),
        _at(19, "09:30", "supervisor",   "record_finding", finding="late", proof="120 转报记录与报告时间对照，电话报告迟8分钟，书面报告迟15分钟", evidence=(Photo(),)),
        _at(19, "10:00", "duty_officer2", "follow_up",     **_report(19, "09:50", "市应急指挥中心", "续报：死亡3人，升为较大事故")),
    )),
)
# fmt: on
