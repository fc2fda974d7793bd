"""The supervised listing (挂牌督办) workflow: one table."""

from enum import StrEnum

from workflow import effects as common
from workflow import fields as f
from workflow import guards as g
from workflow.check import sound
from workflow.common_moves import extension, suspension
from workflow.ladders import desk
from workflow.listings import acceptance as a
from workflow.listings import effects as do
from workflow.listings import fields as own
from workflow.listings import guards as w
from workflow.listings.ladders import SUPERVISED
from workflow.listings.levels import LEVELS
from workflow.roles import Role as R
from workflow.table import D, M, Workflow, on, who


class S(StrEnum):
    """States; `submitted` waits for the steps of acceptance, `verified` has passed the last of them."""

    DISCOVERED = "discovered"
    ASSIGNED = "assigned"
    RECTIFYING = "rectifying"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    CLOSED = "closed"
    VOIDED = "voided"
    TRANSFERRED = "transferred"
    SUSPENDED = "suspended"


LABELS: dict[str, str] = {
    S.DISCOVERED: "已提出",
    S.ASSIGNED: "已挂牌交办",
    S.RECTIFYING: "督办整改中",
    S.SUBMITTED: "已申请验收",
    S.VERIFIED: "验收合格",
    S.CLOSED: "已摘牌",
    S.VOIDED: "已作废",
    S.TRANSFERRED: "已移送",
    S.SUSPENDED: "已中止",
}


NEW, GIVEN, WORK, DONE, GOOD, OUT, HALT = (
    on(S.DISCOVERED), on(S.ASSIGNED), on(S.RECTIFYING), on(S.SUBMITTED), on(S.VERIFIED), on(S.TRANSFERRED), on(S.SUSPENDED)
)  # fmt: skip
OWED = GIVEN | WORK
OPEN = NEW | OWED
LISTED = OWED | DONE | GOOD | HALT
LISTER, UNIT, LEAD, DESK, CHIEF = who(R.LISTER), who(R.RESPONSIBLE), who(R.LEAD), who(R.DISPATCHER), who(R.SUPERVISOR)
WORKERS = UNIT | who(R.INSPECTOR)
EVERYONE = UNIT | LEAD | who(R.SPONSOR)
NOTICE = (
    own.NOTICE,
    f.RESPONSIBLE,
    f.LEAD,
    own.SPONSOR,
    f.REQUIREMENT.optional,
    f.RECTIFY_BY.optional,
    own.PLAN_BY.optional,
)
LISTED_RIGHT = (
    g.needs_known_units,
    w.short_enough,
    w.notice_is_new,
    w.an_office_leads,
    w.a_leader_sponsors,
    g.within_cap,
    w.plan_within_the_work,
)
FEEDBACK = (f.MEASURES, f.EVIDENCE, f.MONEY.optional, f.AREA.optional)
STEP = (g.other_organisation, a.other_than_the_steps_below)
UP = (g.needs_known_units, w.to_a_higher_body, w.once_at_that_level)

# fmt: off
LISTING = sound(Workflow(
    name="listing", label="挂牌督办", prefix="LS", details="listings", extends="rectify",
    initial=S.DISCOVERED, final=on(S.CLOSED, S.VOIDED), states=LABELS, levels=LEVELS,
    openers=who(R.DISPATCHER, R.SUPERVISOR, R.LEADER),
    begins="提出挂牌", opened="提出挂牌督办，待决定", first_told=LISTER,
    moves=(
        # trigger                  from         to             who                   refused by                                               brings                               does                     tell                     called
        M("list",                  NEW,         S.ASSIGNED,    LISTER,               LISTED_RIGHT,                                            NOTICE,                              do.enlist,               EVERYONE | who(R.OPENER), "挂牌督办，下达通知书"),
        M("start",                 GIVEN,       S.RECTIFYING,  WORKERS,              (),                                                      (),                                  label="开始整改",        tell=LEAD),
        M("file_plan",             OWED,        None,          WORKERS,              (),                                                      f.FIVE,                              common.plan,             LEAD,                    "报送治理方案（五落实）"),
        M("progress",              OWED | DONE, None,          WORKERS,              (),                                                      (own.PROGRESS,),                     label="报告整改进展",    tell=LEAD | LISTER),
        M("record",                LISTED,      None,          LISTER | DESK,        (w.short_enough, w.not_recorded),                        (own.RECORDED_WITH,),                do.record,               label="备案"),
        M("publish",               LISTED,      None,          LISTER | DESK,        (w.short_enough, w.not_published),                       (own.PUBLISHED_WHERE,),              do.publish,              label="公布挂牌"),
        M("submit",                WORK,        S.SUBMITTED,   WORKERS,              (a.needs_filed_plan, g.needs_declared_evidence),         FEEDBACK,                            common.submit,           LEAD,                    "申请验收"),
        M("accept_by_department",  DONE,        None,          LEAD,                 (*STEP, a.department_to_come),                           (f.NOTE.optional,),                  do.department_accepts,   CHIEF | LISTER,          "督办部门验收合格"),
        M("accept_by_district",    DONE,        None,          CHIEF,                (*STEP, a.district_to_come),                             (f.NOTE.optional,),                  do.district_accepts,     LISTER,                  "区级验收合格"),
        M("verify",                DONE,        S.VERIFIED,    LISTER,               (*STEP, a.steps_below_taken, g.needs_evidence),          (f.NOTE.optional,),                  do.verify,               EVERYONE,                "挂牌单位验收合格"),
        M("reject",                DONE,        S.RECTIFYING,  LEAD | CHIEF | LISTER, (a.takes_a_step, g.not_own_work, g.other_organisation), (f.NOTE,),                           do.reject,               EVERYONE,                "验收不合格，退回"),
        M("close",                 GOOD,        S.CLOSED,      LISTER,               (g.other_organisation, a.other_than_the_accepter, a.hazards_closed, w.short_enough), (own.PUBLISHED_WHERE, f.NOTE.optional), do.delist, EVERYONE, "摘牌并公布"),
        M("hand_up",               OPEN,        None,          LISTER,               UP,                                                      (f.LEVEL, own.LISTER, f.REASON),     do.hand_up,              LISTER | UNIT | LEAD,    "提级督办"),
        M("cover",                 OPEN,        None,          LISTER | DESK,        (w.not_listed_at_this_level, w.an_open_hazard),          (own.HAZARD,),                       do.cover,                LISTER | UNIT,           "列入隐患"),
        M("uncover",               OPEN,        None,          LISTER,               (w.not_the_last,),                                       (own.HAZARD, f.REASON),              do.uncover,              UNIT | LEAD,             "移出隐患"),
        M("transfer",              NEW,         S.TRANSFERRED, LISTER | DESK | CHIEF, (),                                                     (f.AGENCY, f.REASON),                label="移送其他单位",    tell=who(R.OPENER)),
        M("take_back",             OUT,         S.DISCOVERED,  LISTER | DESK | CHIEF, (),                                                     (f.NOTE,),                           label="收到回函，收回",  tell=LISTER),
        M("void",                  NEW | OUT,   S.VOIDED,      LISTER | DESK | CHIEF, (),                                                     (f.REASON,),                         do.void,                 LISTER | who(R.OPENER),   "作废"),
        M("void",                  OWED | HALT, S.VOIDED,      LISTER,               (g.other_organisation,),                                 (f.REASON,),                         do.void,                 EVERYONE | who(R.OPENER), "作废"),
        *extension(OWED, asks=UNIT, decides=LISTER),
        *suspension(WORK, S.SUSPENDED, S.RECTIFYING, decides=LISTER, tell=UNIT | LEAD),
    ),
    deadlines=(
        # name           called          limit                         ladder
        D("list",        "挂牌决定",     "listing.list",               desk(R.LISTER),
          started_by=on("open", "take_back"),  met_by=on("list"),    withdrawn_by=on("void", "transfer"),  levelled_by=on("hand_up")),
        D("plan",        "治理方案",     "listing.plan",               desk(R.RESPONSIBLE, R.LEAD),
          started_by=on("list"),               met_by=on("file_plan"),  dated_by="plan_by",
          paused_by=on("suspend"),             resumed_by=on("resume"),
          withdrawn_by=on("void", "submit"),   levelled_by=on("hand_up")),
        D("rectify",     "挂牌整改",     "listing.rectify",            SUPERVISED,
          started_by=on("list"),               met_by=on("verify"),  judged_at="submitted_at",  dated_by="rectify_by",
          held_by=on("submit"),                revived_by=on("reject"),
          paused_by=on("suspend"),             resumed_by=on("resume"),
          withdrawn_by=on("void"),             levelled_by=on("hand_up")),
        D("progress",    "进展报告",     "listing.progress",           desk(R.RESPONSIBLE, R.LEAD),
          started_by=on("list"),               met_by=on(),          renewed_by=on("progress"),
          paused_by=on("suspend"),             resumed_by=on("resume"),
          withdrawn_by=on("void", "verify"),   levelled_by=on("hand_up")),
        D("record",      "备案",         "listing.record",             desk(R.LISTER),
          started_by=on("list"),               met_by=on("record"),  withdrawn_by=on("void", "close"),     levelled_by=on("hand_up")),
        D("publish",     "公布",         "listing.publish",            desk(R.LISTER),
          started_by=on("list"),               met_by=on("publish"), withdrawn_by=on("void", "close"),     levelled_by=on("hand_up")),
        D("accept",      "验收",         "listing.accept",             desk(R.LEAD, R.LISTER),
          started_by=on("submit"),             met_by=on("verify", "reject")),
        D("delist",      "摘牌",         "listing.delist",             desk(R.LISTER),
          started_by=on("verify"),             met_by=on("close")),
        D("publish_delisting", "摘牌公布", "listing.publish_delisting", desk(R.LISTER),
          started_by=on("verify"),             met_by=on("close")),
        D("suspension",  "中止复核",     "listing.suspension",         desk(R.LISTER),
          started_by=on("suspend"),            met_by=on("resume"),  withdrawn_by=on("void")),
        D("reply",       "移送回函",     "listing.reply",              desk(R.DISPATCHER),
          started_by=on("transfer"),           met_by=on("take_back"), withdrawn_by=on("void")),
        D("extension",   "延期答复",     "listing.extension_decision", desk(R.LISTER),
          started_by=on("request_extension"),  met_by=on("grant_extension", "refuse_extension"),
          withdrawn_by=on("void", "submit", "suspend")),
    ),
))
# fmt: on
