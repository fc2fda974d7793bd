"""The road that every measured case goes: given, begun, handed in, refused, handed in, found good, struck off."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bench.stage import NOW, Stage, photo
from workflow.actor import Actor
from workflow.attempt import Facts, Unit
from workflow.decide import decide
from workflow.decision import Decision
from workflow.rows import CaseRow, DeadlineRow, changed
from workflow.rules import Rules

START = NOW + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One move: who fires which trigger with what."""

    trigger: str
    actor: Actor
    data: Mapping[str, Any]


def road(stage: Stage, case_id: str, enterprise_id: str) -> tuple[Step, ...]:
    """The seven moves of one case."""
    inspector, second, dispatcher, supervisor, _leader = stage.officers
    owner = stage.owner(enterprise_id)
    submission = {"evidence": (photo(case_id),), "measures": "已清除堵塞物，更换应急照明灯2处", "money_fen": 120000}
    return (
        Step("assign", dispatcher, {"responsible_org_id": enterprise_id, "requirement": "清除堵塞物，恢复疏散通道"}),
        Step("start", owner, {}),
        Step("submit", owner, submission),
        Step("reject", inspector, {"note": "应急照明灯仍有一处不亮"}),
        Step("submit", owner, submission),
        Step("verify", inspector, {"second_officer": second.id}),
        Step("close", supervisor, {}),
    )


def decided(stage: Stage, rules: Rules, case: CaseRow, deadlines: tuple[DeadlineRow, ...]) -> Iterator[Decision]:
    """What the engine would decide at each step of the road, so that a raw driver can write the very same rows."""
    standing = {row.id: row for row in deadlines}
    evidence = frozenset({photo(case.id)})
    for step in road(stage, case.id, str(case.enterprise_id)):
        units = {str(case.enterprise_id): Unit("enterprise", "企业")}
        facts = Facts(tuple(standing.values()), evidence=evidence, units=units)
        decision = decide(case, facts, rules, step.trigger, actor=step.actor, now=START, **step.data)
        yield decision
        case = decision.after
        standing |= {row["id"]: DeadlineRow(**row) for table, row in decision.inserts if table == "deadlines"}
        for change in decision.changes:
            if change.kind == "deadline":
                row_id = change.keys["id"]
                standing[row_id] = changed(standing[row_id], **change.values)
