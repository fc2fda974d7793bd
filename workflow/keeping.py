"""What a line of the history keeps (留存) so that clocks can be stepped by it again: changed columns, named dates."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from workflow.attempt import Effect
from workflow.clocks import Named
from workflow.rows import CaseRow, changed
from workflow.table import Workflow

# What limits and rounds are counted by, and who is told.
COLUMNS = frozenset({
    "level", "cycle", "sector", "district_id", "town_id", "village_id", "enterprise_id", "responsible_org_id",
    "lead_org_id", "lister_org_id", "sponsor_id",
})  # fmt: skip
INSTANTS = frozenset(name for name, kind in CaseRow.__annotations__.items() if "datetime" in str(kind))
WORDS = ("due_at", "anchor_at", "kept_at")


def kept(workflow: Workflow, case: CaseRow, effect: Effect, story: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The part of a move's line that its data and the story of its deadlines leave out."""
    return {
        "change": _change(workflow, case, effect),
        "named": unheard(effect.named, story),
        "told": {telling.template: sorted(telling.tell) for telling in effect.told},
    }


def unheard(named: Mapping[str, Named], story: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, datetime]]:
    """What was said of deadlines that it changed nothing about: by other limits it might have."""
    told = {line["deadline"] for line in story}
    words = {name: {w: at for w in WORDS if (at := getattr(said, w))} for name, said in named.items()}
    return {name: said for name, said in words.items() if said and name not in told}


def heard(body: Mapping[str, Any]) -> dict[str, Named]:
    """What was said of deadlines by the move that wrote this line."""
    named: dict[str, dict[str, Any]] = {
        name: {word: datetime.fromisoformat(at) for word, at in said.items()}
        for name, said in body.get("named", {}).items()
    }
    for line in body.get("deadlines", ()):
        named[line["deadline"]] = {**named.get(line["deadline"], {}), **dict(_said(line))}
    return {name: Named(**said) for name, said in named.items()}


def first_row(case: CaseRow, bodies: Sequence[Mapping[str, Any]]) -> CaseRow:
    """The case as its first line made it, worked out from what it is now and every change on record."""
    first: dict[str, Any] = {"message_no": 0}
    for body in reversed(bodies):
        first |= {column: _value(column, both["from"]) for column, both in body.get("change", {}).items()}
    return changed(case, **first)


def next_row(case: CaseRow, body: Mapping[str, Any]) -> CaseRow:
    """The case after a line, as far as clocks and recipients are concerned."""
    after = {column: _value(column, both["to"]) for column, both in body.get("change", {}).items()}
    return changed(case, **after, state=body.get("to", case.state), version=body["version"])


def _change(workflow: Workflow, case: CaseRow, effect: Effect) -> dict[str, Any]:
    wanted = COLUMNS | {promise.judged_at for promise in workflow.deadlines}
    pairs = {c: (getattr(case, c), value) for c, value in effect.case.items() if c in wanted}
    return {column: {"from": was, "to": value} for column, (was, value) in pairs.items() if was != value}


def _said(line: Mapping[str, Any]) -> Iterable[tuple[str, datetime]]:
    """A line of the story: a promise without an amount, or moved, was given a date; when it began, when it was kept."""
    dated = line["change"] == "moved" or (line["change"] == "started" and "amount" not in line)
    told = {"due_at": "due_at" if dated else "", "anchor_at": "anchor_at", "kept_at": "at"}
    return ((word, datetime.fromisoformat(line[key])) for word, key in told.items() if key in line)


def _value(column: str, said: Any) -> Any:
    return datetime.fromisoformat(said) if said and column in INSTANTS else said
