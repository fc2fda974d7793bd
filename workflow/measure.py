"""The measure (督办措施) workflow: one table; what an accepted act becomes is carried out, answered and closed."""

from enum import StrEnum

from workflow import effects as common
from workflow import fields as f
from workflow.check import sound
from workflow.common_moves import extension, suspension
from workflow.guards import other_organisation
from workflow.ladders import UNANSWERED, desk
from workflow.measures import effects as do
from workflow.measures import fields as own
from workflow.measures import guards as g
from workflow.roles import Role as R
from workflow.table import D, M, Workflow, on, who


class S(StrEnum):
    """States; `carried_out` waits for a reply where one is owed."""

    ORDERED = "ordered"
    CARRIED_OUT = "carried_out"
    REPLIED = "replied"
    CLOSED = "closed"
    VOIDED = "voided"
    SUSPENDED = "suspended"


LABELS: dict[str, str] = {
    S.ORDERED: "已决定",
    S.CARRIED_OUT: "已落实",
    S.REPLIED: "已回复",
    S.CLOSED: "已办结",
    S.VOIDED: "已撤销",
    S.SUSPENDED: "已中止",
}
LEVELS = {
    "talk": "约谈",
    "bulletin": "通报",
    "case_filing": "立案建议",
    "warning_letter": "警示函",
    "closure": "提请关闭",
}


NEW, SENT, BACK, HALT = on(S.ORDERED), on(S.CARRIED_OUT), on(S.REPLIED), on(S.SUSPENDED)
DESK, UNIT, CHIEF = who(R.DISPATCHER), who(R.RESPONSIBLE), who(R.SUPERVISOR)
OFFICE = who(R.INSPECTOR, R.DISPATCHER, R.SUPERVISOR)
DONE = (own.CARRIED_OUT_AT, own.DOCUMENT.optional, own.ATTENDED.optional, own.MINUTES.optional)

# fmt: off
MEASURE = sound(Workflow(
    name="measure", label="督办措施", prefix="MS", details="measures", extends="reply",
    initial=S.ORDERED, final=on(S.CLOSED, S.VOIDED), states=LABELS, levels=LEVELS,
    openers=CHIEF,
    begins="决定采取措施", opened="决定采取督办措施，待落实", first_told=DESK | UNIT,
    moves=(
        # trigger        from               to             who may  refused by                                          brings                             does           tell          called
        M("carry_out",   NEW,               S.CARRIED_OUT, OFFICE,  (g.needs_its_papers, g.carried_out_since_decided),  DONE,                              do.carry_out,  UNIT | CHIEF, "落实（举行约谈、送达文书）"),
        M("reply",       SENT,              S.REPLIED,     UNIT,    (g.needs_what_it_declares,),                        (own.REPLY, f.EVIDENCE.optional),  do.reply,      DESK | CHIEF, "书面回复"),
        M("take_reply",  SENT,              S.REPLIED,     DESK,    (g.received_since_carried_out,),                    (own.REPLY, own.RECEIVED_AT),      do.take_reply, CHIEF,        "登记收到的书面回复"),
        M("close",       SENT | BACK,       S.CLOSED,      CHIEF,   (g.not_who_carried_out, other_organisation, g.replied_if_owed), (f.NOTE.optional,),  common.close,  UNIT | DESK,  "办结"),
        M("void",        NEW | SENT | HALT, S.VOIDED,      CHIEF,   (other_organisation,),                            (f.REASON,),                       do.void,       UNIT | DESK,  "撤销"),
        *extension(SENT, asks=UNIT, decides=CHIEF),
        *suspension(NEW, S.SUSPENDED, S.ORDERED, decides=CHIEF, tell=DESK | UNIT),
    ),
    deadlines=(
        # name           called      limit                         ladder
        D("carry_out",   "落实",     "measure.carry_out",          desk(R.DISPATCHER),
          started_by=on("open"),               met_by=on("carry_out"),
          paused_by=on("suspend"),             resumed_by=on("resume"),  withdrawn_by=on("void")),
        D("reply",       "书面回复", "measure.reply",              UNANSWERED,
          started_by=on("carry_out"),          met_by=on("reply", "take_reply"),
          # Nothing is closed while it runs: the guard `replied_if_owed`.
          withdrawn_by=on("void", "close"),    if_owed=True),
        D("close",       "办结",     "measure.close",              desk(R.SUPERVISOR),
          started_by=on("carry_out", "reply", "take_reply"),  met_by=on("close"),  withdrawn_by=on("void"), behind="reply"),
        D("extension",   "延期答复", "measure.extension_decision", desk(R.SUPERVISOR),
          started_by=on("request_extension"),  met_by=on("grant_extension", "refuse_extension"),
          withdrawn_by=on("reply", "take_reply", "void", "close")),
        D("suspension",  "中止复核", "measure.suspension",         desk(R.SUPERVISOR),
          started_by=on("suspend"),            met_by=on("resume"),  withdrawn_by=on("void")),
    ),
))
# fmt: on
