"""The exposure round (曝光督办) workflow: one table."""

from enum import StrEnum

from workflow import fields as f
from workflow.check import sound
from workflow.common_moves import extension, suspension
from workflow.ladders import desk
from workflow.roles import Role as R
from workflow.rounds import effects as do
from workflow.rounds import fields as rf
from workflow.rounds import guards as g
from workflow.rounds.ladders import CYCLE
from workflow.table import D, M, Workflow, on, who


class S(StrEnum):
    """States; between `approved` and `published` nothing is public yet."""

    COLLECTING = "collecting"
    FROZEN = "frozen"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    VOIDED = "voided"


LABELS: dict[str, str] = {
    S.COLLECTING: "征集中",
    S.FROZEN: "名单已冻结",
    S.APPROVED: "已批准",
    S.PUBLISHED: "已公布",
    S.SUSPENDED: "已中止",
    S.CLOSED: "已结算",
    S.VOIDED: "已作废",
}
LEVELS = {"town": "镇街级", "district": "区县级", "city": "市级"}


LIST, FIXED, READY, OUT = on(S.COLLECTING), on(S.FROZEN), on(S.APPROVED), on(S.PUBLISHED)
BEFORE = LIST | FIXED | READY
OFFICE, CHIEF, LEADER = who(R.DISPATCHER, R.SUPERVISOR), who(R.SUPERVISOR), who(R.LEADER)
ITEM = (rf.HAZARD, f.REASON)

# fmt: off
ROUND = sound(Workflow(
    name="round", label="曝光督办", prefix="RD", details="rounds", extends="settle",
    initial=S.COLLECTING, final=on(S.CLOSED, S.VOIDED), states=LABELS, levels=LEVELS,
    openers=OFFICE,
    begins="启动", opened="新一轮曝光督办，征集名单", first_told=OFFICE,
    moves=(
        # trigger           from          to            who may         refused by                        brings                                does               tell             called
        M("pull_in",        LIST,         None,         OFFICE,         (g.finds_candidates,),            (),                                   do.pull_in,        label="列入全部候选"),
        M("add_item",       LIST,         None,         OFFICE,         (g.may_stand,),                   ITEM,                                 do.add_item,       label="列入一件"),
        M("drop_item",      LIST,         None,         OFFICE,         (g.stands_here,),                 ITEM,                                 do.drop_item,      label="移出一件"),
        M("withhold_item",  LIST | FIXED, None,         OFFICE,         (g.stands_here,),                 ITEM,                                 do.withhold_item,  label="只计数，不公开"),
        M("describe_item",  LIST | FIXED, None,         OFFICE,         (g.stands_here,),                 (rf.HAZARD, rf.PUBLIC_TEXT),          do.describe_item,  label="写明公布文字"),
        M("freeze",         LIST,         S.FROZEN,     OFFICE,         (g.has_items,),                   (),                                   do.freeze,         LEADER,          "冻结名单"),
        M("thaw",           FIXED | READY, S.COLLECTING, OFFICE | LEADER, (),                             (f.REASON,),                          do.thaw,           OFFICE | LEADER, "解冻，重新征集"),
        M("approve",        FIXED,        S.APPROVED,   LEADER,         (g.another_person,),              (f.NOTE.optional,),                   do.approve,        OFFICE,          "批准名单"),
        M("publish",        READY,        S.PUBLISHED,  OFFICE,         (g.published_when,),              (rf.PUBLISHED_AT, rf.PUBLISHED_WHERE), do.publish,       label="公布"),
        M("withdraw_item",  OUT,          None,         OFFICE,         (g.stands_here,),                 ITEM,                                 do.withdraw_item,  label="撤下一件"),
        M("escalate_item",  OUT,          None,         OFFICE,         (g.stands_here, g.known_act),     (rf.HAZARD, rf.ACT_KIND, f.REASON),   do.escalate_item,  CHIEF,           "升级一件"),
        M("settle",         OUT,          S.CLOSED,     OFFICE,         (g.cycle_over,),                  (f.NOTE.optional,),                   do.settle,         CHIEF | LEADER,  "结算"),
        M("void",           BEFORE,       S.VOIDED,     OFFICE | LEADER, (),                              (f.REASON,),                          do.void,           OFFICE | LEADER, "作废"),
        *extension(OUT, asks=OFFICE, decides=LEADER),
        *suspension(OUT, S.SUSPENDED, S.PUBLISHED, decides=LEADER, tell=OFFICE),
    ),
    deadlines=(
        # name          called        limit                       ladder
        D("collect",    "征集",       "round.collect",            desk(R.DISPATCHER),
          started_by=on("open", "thaw"),       met_by=on("freeze"),    withdrawn_by=on("void")),
        D("approve",    "批准",       "round.approve",            desk(R.LEADER),
          started_by=on("freeze"),             met_by=on("approve"),   withdrawn_by=on("thaw", "void")),
        D("publish",    "公布",       "round.publish",            desk(R.DISPATCHER),
          started_by=on("approve"),            met_by=on("publish"),   withdrawn_by=on("thaw", "void")),
        D("settle",     "曝光期限",   "round.settle",             CYCLE,
          started_by=on("publish"),            met_by=on("settle"),
          paused_by=on("suspend"),             resumed_by=on("resume")),
        D("extension",  "延期答复",   "round.extension_decision", desk(R.LEADER),
          started_by=on("request_extension"),  met_by=on("grant_extension", "refuse_extension"),
          withdrawn_by=on("settle", "suspend")),
        D("suspension", "中止复核",   "round.suspension",         desk(R.SUPERVISOR),
          started_by=on("suspend"),            met_by=on("resume")),
    ),
))
# fmt: on
