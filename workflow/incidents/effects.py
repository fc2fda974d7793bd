"""What a move of an incident does beyond changing the state."""

import json
from typing import Any

from models.ids import new_id
from workflow.attempt import Attempt, Effect
from workflow.clocks import Named
from workflow.effects import request_lapses
from workflow.incidents.guards import changed_figures, revised
from workflow.incidents.levels import level_of
from workflow.incidents.words import FIGURES, REPORTS, headline, lacking, said_lacking, titled

# Promises of the duty desk that any report of its own keeps as well.
DESK = ("answer", "acknowledgement")


def acknowledge(attempt: Attempt) -> Effect:
    """Somebody has taken it on."""
    return Effect(details={"acknowledged_at": attempt.now, "acknowledged_by": attempt.actor.id})


def report(attempt: Attempt) -> Effect:
    """One report, judged by when it was made and not by when it was typed; what it lacks is listed."""
    kind, made_at = REPORTS[attempt.move.trigger], attempt.data["made_at"]
    kept = {name: Named(kept_at=made_at) for name in (kind, *(() if kind == "unit" else DESK))}
    counted = Named(kept_at=made_at, anchor_at=made_at)
    return Effect(
        named={**kept, "follow_up": counted} if kind in ("written", "follow_up") else kept,
        rows=(("incident_reports", _row(attempt, kind)),),
        words=said_lacking(attempt.facts.details),
    )


def _row(attempt: Attempt, kind: str) -> dict[str, Any]:
    ordinal = 1 + sum(each.kind == kind for each in attempt.facts.reports)
    said = {name: attempt.data[name] for name in ("to_whom", "made_by", "made_at", "confirmed_how", "content")}
    return {
        "case_id": attempt.case.id,
        "number": attempt.case.seq + 1,
        "kind": kind,
        "ordinal": ordinal,
        "title": titled(kind, ordinal),
        **said,
        "lacks": json.dumps(lacking(attempt.facts.details), ensure_ascii=False),
        "entered_at": attempt.now,
        "entered_by": attempt.actor.id,
    }


def final_report(attempt: Attempt) -> Effect:
    """终报: who made it does not close; what was asked for the final report lapses with it."""
    made, actor = report(attempt), attempt.actor
    return Effect(
        case={
            "submitted_at": attempt.now, "submitted_by": actor.id, "submitted_by_org": actor.org_id,
            "extension_to": None,
        },
        details={"concluded_at": attempt.data["made_at"]},
        named=made.named,
        rows=made.rows,
        changes=request_lapses(attempt),
        words=made.words,
    )  # fmt: skip


def revise(attempt: Attempt) -> Effect:
    """Casualties or loss have changed: the level follows, and with it the clocks that still run."""
    after = revised(attempt)
    level, stated = level_of(after), {}
    if attempt.data.get("level"):
        stated = {name: after[name] for name in ("stated_level", "level_reason")}
    return Effect(
        case={"level": level, "title": headline(level, after)},
        details={**changed_figures(attempt, FIGURES), **stated},
    )


def reopen(attempt: Attempt) -> Effect:
    """New casualties inside the window: follow-ups and a final report are owed again, first reports are not."""
    return revise(attempt)


def restate(attempt: Attempt) -> Effect:
    """Place, course, cause, measures … as they are known now."""
    brought = {field.name: attempt.data[field.name] for field in attempt.move.brings if attempt.data.get(field.name)}
    known = {**attempt.facts.details, **brought}
    return Effect(case={"title": headline(attempt.case.level, known)}, details=brought)


def record_finding(attempt: Attempt) -> Effect:
    """迟漏谎瞒: what a supervisor found about the reports, with what shows it."""
    row = {
        "id": new_id(attempt.now),
        "case_id": attempt.case.id,
        "kind": attempt.data["finding"],
        "proof": attempt.data["proof"],
        "evidence": "\n".join(sorted(set(attempt.data["evidence"]))),
        "recorded_at": attempt.now,
        "recorded_by": attempt.actor.id,
    }
    return Effect(rows=(("findings", row),))
