"""The incident (突发事件信息报送) workflow: one table.

Both first tracks run at once and the paper moves the state: `written_report` leads on to follow-ups, while the call by
phone, the unit's own report and the report to the next level can be entered in any state before the final report, for
each of them is a promise that outlives states.
"""

from enum import StrEnum

from workflow import effects as common
from workflow import fields as f
from workflow import guards as g
from workflow.check import sound
from workflow.common_moves import extension, suspension
from workflow.incidents import effects as do
from workflow.incidents import fields as b
from workflow.incidents import guards as so
from workflow.incidents.ladders import MINUTES, calling
from workflow.incidents.words import LEVELS
from workflow.ladders import desk
from workflow.roles import Role as R
from workflow.table import D, M, Workflow, on, who


class S(StrEnum):
    """States; until `following` the first report in writing is owed."""

    REPORTING = "reporting"
    FOLLOWING = "following"
    CONCLUDED = "concluded"
    CLOSED = "closed"
    VOIDED = "voided"
    TRANSFERRED = "transferred"
    SUSPENDED = "suspended"


LABELS: dict[str, str] = {
    S.REPORTING: "首报中",
    S.FOLLOWING: "续报中",
    S.CONCLUDED: "已终报",
    S.CLOSED: "已办结",
    S.VOIDED: "误报",
    S.TRANSFERRED: "已移送",
    S.SUSPENDED: "已中止",
}


NEW, GOES_ON, SAID, SHUT, OUT = on(S.REPORTING), on(S.FOLLOWING), on(S.CONCLUDED), on(S.CLOSED), on(S.TRANSFERRED)
LIVE = NEW | GOES_ON
OPEN = LIVE | OUT | on(S.SUSPENDED)
EVER = frozenset(s.value for s in S)
WATCH = who(R.ON_DUTY, R.DUTY_LEADER)
DUTY = WATCH | who(R.DUTY_OFFICER, R.SUPERVISOR, R.LEADER)
CHIEF, CHIEFS, UNIT = who(R.SUPERVISOR), who(R.SUPERVISOR, R.LEADER), who(R.RESPONSIBLE)
IN_TIME = (so.made_in_its_time,)
REVISED = (so.figures_right, so.figures_change, so.level_stands)
AGAIN = (so.within_casualty_window, so.figures_right, so.casualties_change, so.level_stands)
JUDGED = (so.not_own_report, so.proof_has_arrived)
FIGURES = (f.REASON, *b.FIGURES, f.LEVEL.optional)
OVER = on("void", "final_report")

# fmt: off
INCIDENT = sound(Workflow(
    name="incident", label="突发事件", prefix="IC", details="incidents", extends="final", urgent=True,
    needs=frozenset({"details"}),
    attachers=who(R.OPENER, R.RESPONSIBLE, R.INSPECTOR, R.DISPATCHER, R.DUTY_OFFICER, R.SUPERVISOR, R.LEADER), late_papers=CHIEF,
    initial=S.REPORTING, final=on(S.CLOSED, S.VOIDED), states=LABELS, levels=LEVELS,
    openers=who(R.DUTY_OFFICER, R.INSPECTOR, R.DISPATCHER, R.SUPERVISOR, R.LEADER),
    begins="接报", opened="接到突发事件信息，请立即应答并报告", first_told=WATCH,
    moves=(
        # trigger             from         to             who may       refused by                        brings                                        does                tell                called
        M("acknowledge",      LIVE,        None,          DUTY,         (),                               (f.NOTE.optional,),                           do.acknowledge,     WATCH,              "应答接手"),
        M("phone_report",     OPEN,        None,          DUTY,         IN_TIME,                          b.REPORT,                                     do.report,          WATCH,              "电话报告"),
        M("written_report",   NEW,         S.FOLLOWING,   DUTY,         IN_TIME,                          b.REPORT,                                     do.report,          WATCH,              "书面报告（首报）"),
        M("unit_report",      OPEN,        None,          DUTY | UNIT,  IN_TIME,                          b.REPORT,                                     do.report,          WATCH,              "事发单位报告"),
        M("report_upward",    OPEN,        None,          DUTY,         IN_TIME,                          b.REPORT,                                     do.report,          WATCH,              "逐级上报"),
        M("follow_up",        GOES_ON,     None,          DUTY,         IN_TIME,                          b.REPORT,                                     do.report,          WATCH,              "续报"),
        M("final_report",     GOES_ON,     S.CONCLUDED,   DUTY,         IN_TIME,                          b.REPORT,                                     do.final_report,    CHIEFS,             "终报"),
        M("revise",           OPEN,        None,          DUTY,         REVISED,                          FIGURES,                                      do.revise,          WATCH | CHIEFS,     "更正伤亡、损失和级别"),
        M("restate",          OPEN | SAID, None,          DUTY,         (so.facts_change,),               b.FACTS,                                      do.restate,         WATCH,              "补充情况"),
        M("record_finding",   EVER,        None,          CHIEF,        JUDGED,                           (b.FINDING, b.PROOF, b.PAPERS),               do.record_finding,  who(R.LEADER),       "认定迟报、漏报、谎报、瞒报"),
        M("close",            SAID,        S.CLOSED,      CHIEFS,       (so.not_own_final_report,),       (f.NOTE.optional,),                           common.close,       who(R.OPENER),       "办结"),
        M("reopen",           SAID | SHUT, S.FOLLOWING,   DUTY,         AGAIN,                            FIGURES,                                      do.reopen,          WATCH | CHIEFS,     "伤亡变化，重新续报"),
        M("transfer",         GOES_ON,     S.TRANSFERRED, DUTY,         (),                               (f.AGENCY, f.REASON),                         common.leave,       CHIEFS,             "移送"),
        M("take_back",        OUT,         S.FOLLOWING,   DUTY,         (),                               (f.NOTE,),                                    label="收到回函，收回", tell=WATCH),
        M("void",             NEW,         S.VOIDED,      DUTY,         (g.needs_reason_or_duplicate,),   (f.REASON.optional, f.DUPLICATE_OF.optional), common.void,        WATCH | CHIEFS,     "误报，作废"),
        *extension(GOES_ON, asks=who(R.DUTY_OFFICER, R.SUPERVISOR), decides=who(R.LEADER)),
        *suspension(GOES_ON, S.SUSPENDED, S.FOLLOWING, decides=CHIEFS, tell=WATCH),
    ),
    deadlines=(
        # name              called          limit                          ladder
        D("answer",         "值班应答",     "incident.answer",             calling("无人应答"),
          started_by=on("open"),                          met_by=on("acknowledge", "phone_report", "written_report", "report_upward"),
          withdrawn_by=OVER,                               if_owed=True),
        D("acknowledgement", "应答",        "incident.acknowledgement",    calling("已过有效期，仍未书面报告"),
          started_by=on("acknowledge"),                   renewed_by=on("acknowledge"),
          met_by=on("written_report", "follow_up"),       withdrawn_by=OVER | on("transfer", "suspend"),  if_owed=True),
        D("unit",           "事发单位报告", "incident.unit",               MINUTES,
          started_by=on("open"),                          met_by=on("unit_report"),
          levelled_by=on("revise"),                       withdrawn_by=OVER,  if_owed=True,  only_with="enterprise_id"),
        D("phone",          "电话报告",     "incident.phone",              MINUTES,
          started_by=on("open", "revise"),                met_by=on("phone_report"),
          levelled_by=on("revise"),                       withdrawn_by=OVER,  if_owed=True,  once=True),
        D("written",        "书面报告",     "incident.written",            MINUTES,
          started_by=on("open", "revise"),                met_by=on("written_report"),
          levelled_by=on("revise"),                       withdrawn_by=OVER,  if_owed=True,  once=True),
        D("upward",         "逐级上报",     "incident.upward",             MINUTES,
          started_by=on("open", "revise"),                met_by=on("report_upward"),
          levelled_by=on("revise"),                       withdrawn_by=OVER,  if_owed=True,  once=True),
        D("follow_up",      "续报",         "incident.follow_up",          MINUTES,
          started_by=on("written_report", "follow_up", "revise", "reopen"),  renewed_by=on("follow_up"),  met_by=frozenset(),
          levelled_by=on("revise"),                       behind="written",   if_owed=True,
          paused_by=on("suspend", "transfer"),            resumed_by=on("resume", "take_back"),  withdrawn_by=OVER),
        D("final",          "终报",         "incident.final",              desk(R.DUTY_OFFICER),
          started_by=on("open", "reopen"),                met_by=on("final_report"),
          levelled_by=on("revise"),                       withdrawn_by=on("void"),
          paused_by=on("suspend", "transfer"),            resumed_by=on("resume", "take_back")),
        D("close",          "办结",         "incident.close",              desk(R.SUPERVISOR),
          started_by=on("final_report"),                  met_by=on("close"),    withdrawn_by=on("reopen")),
        D("reply",          "移送回函",     "incident.reply",              desk(R.DUTY_OFFICER),
          started_by=on("transfer"),                      met_by=on("take_back")),
        D("extension",      "延期答复",     "incident.extension_decision", desk(R.LEADER),
          started_by=on("request_extension"),             met_by=on("grant_extension", "refuse_extension"),
          withdrawn_by=on("transfer", "suspend", "final_report")),
        D("suspension",     "中止复核",     "incident.suspension",         desk(R.SUPERVISOR),
          started_by=on("suspend"),                       met_by=on("resume")),
    ),
))
# fmt: on
