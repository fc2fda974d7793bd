"""The hazard (隐患) workflow: one table."""

from enum import StrEnum

from workflow import effects as do
from workflow import fields as f
from workflow import guards as g
from workflow.check import sound
from workflow.common_moves import extension
from workflow.ladders import OVERDUE, desk
from workflow.roles import Role as R
from workflow.table import D, M, Workflow, on, who


class S(StrEnum):
    """States; `submitted` waits to be checked, `verified` has been."""

    DISCOVERED = "discovered"
    ASSIGNED = "assigned"
    RECTIFYING = "rectifying"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    CLOSED = "closed"
    VOIDED = "voided"
    TRANSFERRED = "transferred"


LABELS: dict[str, str] = {
    S.DISCOVERED: "已发现",
    S.ASSIGNED: "已交办",
    S.RECTIFYING: "整改中",
    S.SUBMITTED: "待复查",
    S.VERIFIED: "复查合格",
    S.CLOSED: "已销号",
    S.VOIDED: "已作废",
    S.TRANSFERRED: "已移送",
}
LEVELS = {"general": "一般隐患", "major": "重大隐患"}


NEW, GIVEN, WORK, DONE, GOOD, SHUT, OUT = (
    on(S.DISCOVERED), on(S.ASSIGNED), on(S.RECTIFYING), on(S.SUBMITTED), on(S.VERIFIED), on(S.CLOSED), on(S.TRANSFERRED)
)  # fmt: skip
OWED = GIVEN | WORK
OPEN = NEW | OWED
DESK, UNIT, INSPECT, CHIEF, BOSS = (
    who(R.DISPATCHER), who(R.RESPONSIBLE), who(R.INSPECTOR), who(R.SUPERVISOR), who(R.LEADER)
)  # fmt: skip
GIVE = (f.RESPONSIBLE, f.LEAD.optional, f.REQUIREMENT.optional, f.RECTIFY_BY.optional, f.REPORT_BY.optional)
FEEDBACK = (f.MEASURES, f.EVIDENCE, f.MONEY.optional, f.AREA.optional)
PLAN = tuple(field.optional for field in f.FIVE)
GIVEN_RIGHT = (g.needs_known_units, g.within_cap, g.report_not_past)
MENDED = (g.needs_declared_evidence, g.needs_five_elements)
JUDGE = (g.not_own_work, g.other_organisation)

# fmt: off
HAZARD = sound(Workflow(
    name="hazard", label="隐患", prefix="HZ", details="hazards", extends="rectify",
    initial=S.DISCOVERED, final=on(S.CLOSED, S.VOIDED), states=LABELS, levels=LEVELS,
    openers=who(R.INSPECTOR, R.DISPATCHER, R.SUPERVISOR),
    begins="发现", opened="发现隐患，待交办", first_told=who(R.DISPATCHER),
    moves=(
        # trigger             from        to             who may          refused by                                          brings                            does                 tell                 called
        M("assign",           NEW,        S.ASSIGNED,    DESK,            GIVEN_RIGHT,                                        GIVE,                             do.assign,           UNIT,                "交办"),
        M("reassign",         OWED,       S.ASSIGNED,    DESK,            GIVEN_RIGHT,                                        (*GIVE, f.NOTE),                  do.assign,           UNIT,                "改派"),
        M("decline",          GIVEN,      S.DISCOVERED,  UNIT,            (g.in_time_to_decline,),                            (f.REASON,),                      do.decline,          DESK,                "退回（不属本单位）"),
        M("start",            GIVEN,      S.RECTIFYING,  UNIT | INSPECT,  (g.needs_five_elements,),                           PLAN,                             do.plan,             label="开始整改"),
        M("submit",           WORK,       S.SUBMITTED,   UNIT | INSPECT,  MENDED,                                             (*FEEDBACK, *PLAN),               do.submit,           INSPECT,             "提交整改反馈"),
        M("fix_on_the_spot",  NEW,        S.SUBMITTED,   INSPECT,         MENDED,                                             (*FEEDBACK, *PLAN),               do.fix_on_the_spot,  INSPECT,             "即查即改"),
        M("reject",           DONE,       S.RECTIFYING,  INSPECT,         JUDGE,                                              (f.NOTE,),                        do.reject,           UNIT,                "复查不合格，退回"),
        M("verify",           DONE,       S.VERIFIED,    INSPECT,         (*JUDGE, g.needs_evidence, g.planned, g.two_officers), (f.SECOND_OFFICER, f.NOTE.optional), do.verify,        CHIEF,               "复查合格"),
        M("sign_off",         GOOD,       None,          BOSS,            (g.major_only, *JUDGE),                             (f.NOTE.optional,),               do.sign_off,         CHIEF,               "领导签批"),
        M("close",            GOOD,       S.CLOSED,      CHIEF,           (*JUDGE, g.needs_evidence, g.signed_off),           (f.NOTE.optional,),               do.close,            UNIT,                "销号"),
        M("regrade",          OPEN,       None,          DESK | CHIEF | BOSS, (g.another_level, g.lowered_by_a_leader),       (f.LEVEL, f.REASON, *PLAN),       do.regrade,          UNIT | CHIEF | BOSS, "认定级别"),
        M("reopen",           SHUT,       S.ASSIGNED,    CHIEF | INSPECT, (g.within_cap,),                                    (f.REASON, f.RECTIFY_BY.optional), do.reopen,          UNIT | CHIEF,        "回头看，重新打开"),
        M("transfer",         OPEN,       S.TRANSFERRED, DESK | CHIEF,    (),                                                 (f.AGENCY, f.REASON),             do.leave,            CHIEF,               "移送"),
        M("take_back",        OUT,        S.DISCOVERED,  DESK | CHIEF,    (),                                                 (f.NOTE,),                        label="收到回函，收回", tell=DESK),
        M("void",             OPEN | OUT, S.VOIDED,      DESK | CHIEF,    (g.needs_reason_or_duplicate,),                     (f.REASON.optional, f.DUPLICATE_OF.optional), do.void, UNIT | who(R.OPENER), "作废"),
        M("report",           OWED | DONE | GOOD, None,  UNIT,            (),                                                 (f.NOTE,),                        label="书面报告整改情况", tell=INSPECT),
        *extension(OWED, asks=UNIT, decides=CHIEF),
    ),
    deadlines=(
        # name           called          limit                        ladder
        D("assign",      "交办",         "hazard.assign",             desk(R.DISPATCHER),
          started_by=on("open", "decline", "take_back"),   met_by=on("assign", "fix_on_the_spot"),  withdrawn_by=on("void", "transfer")),
        D("rectify",     "整改",         "hazard.rectify",            OVERDUE,
          started_by=on("assign", "reject", "reopen"),     met_by=on("verify"),   judged_at="submitted_at",
          held_by=on("submit", "fix_on_the_spot"),         revived_by=on("reject"),
          paused_by=on("transfer"),                        resumed_by=on("take_back"),
          withdrawn_by=on("void"),                         dated_by="rectify_by"),
        D("report",      "书面报告",     "hazard.report",             desk(R.RESPONSIBLE),
          started_by=on("assign", "reassign"),             met_by=on("report"),
          withdrawn_by=on("void", "transfer", "close", "decline"),  dated_by="report_by", only_if_named=True),
        D("recheck",     "复查",         "hazard.recheck",            desk(R.INSPECTOR),
          started_by=on("submit", "fix_on_the_spot"),      met_by=on("verify", "reject")),
        D("close",       "销号",         "hazard.close",              desk(R.SUPERVISOR),
          started_by=on("verify"),                         met_by=on("close")),
        D("reply",       "移送回函",     "hazard.reply",              desk(R.DISPATCHER),
          started_by=on("transfer"),                       met_by=on("take_back"), withdrawn_by=on("void")),
        D("extension",   "延期答复",     "hazard.extension_decision", desk(R.SUPERVISOR),
          started_by=on("request_extension"),              met_by=on("grant_extension", "refuse_extension"),
          withdrawn_by=on("void", "transfer", "submit", "decline", "reassign")),
    ),
))
# fmt: on
