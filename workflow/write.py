"""Write (写入): the one door through which decisions reach the database, one or five hundred, set-based."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from models.database import connection
from models.writing import Batch, Shape, table_order, write_batches
from workflow.decision import Change, Decision
from workflow.history import EventRow
from workflow.rows import CaseRow, difference


@dataclass(frozen=True, slots=True)
class Rule:
    """How one kind of change finds its rows: table, keys, what must still hold, and whether each must find one row."""

    table: str
    keys: tuple[str, ...]
    condition: str = ""
    sets: str = ""
    exact: bool = False


# fmt: off
CHANGES: Mapping[str, Rule] = {
    "deadline":    Rule("deadlines",   ("id",),                          "deadlines.outcome IS NULL", exact=True),
    "rungs_of":    Rule("rungs",       ("deadline_id",),                 "rungs.outcome IS NULL"),
    "rungs_awake": Rule("rungs",       ("deadline_id",),                 "rungs.outcome IS NULL", "wake_at = due_at"),
    "rung":        Rule("rungs",       ("deadline_id", "move", "name"),  "rungs.outcome IS NULL", exact=True),
    "judged":      Rule("submissions", ("case_id", "number")),
    "extension":   Rule("extensions",  ("case_id",),                     "extensions.decided_at IS NULL"),
    "hazards":     Rule("hazards",     ("case_id",), exact=True),
    "listings":    Rule("listings",    ("case_id",), exact=True),
    "rounds":      Rule("rounds",      ("case_id",), exact=True),
    "incidents":   Rule("incidents",   ("case_id",), exact=True),
    "measures":    Rule("measures",    ("case_id",), exact=True),
    "item":        Rule("round_items", ("round_id", "hazard_id"),        "round_items.outcome IS NULL", exact=True),
    "item_back":   Rule("round_items", ("round_id", "hazard_id"),        "round_items.outcome = 'dropped'", exact=True),
    "items_of":    Rule("round_items", ("round_id",),                    "round_items.outcome IS NULL"),
    "covers":      Rule("links",       ("from_id", "to_id"),             "links.kind = 'uncovered'", exact=True),
    "uncovered":   Rule("links",       ("from_id", "to_id"),             "links.kind = 'covers'", exact=True),
    "act":         Rule("acts",        ("id",),                          "acts.outcome IS NULL", exact=True),
    "acts_of":     Rule("acts",        ("case_id",),                     "acts.outcome IS NULL"),
    "messages_of": Rule("messages",    ("deadline_id",),                 "messages.outcome IS NULL"),
}
# fmt: on


def write(session: Session, decisions: Sequence[Decision]) -> None:
    """Write decisions in the caller's transaction, which has locked their case rows; `LostRace` if a row had changed.

    The order is: cases, changes, then new rows, so that a change never touches a row of its own decision.
    """
    batches = [*_cases(decisions), *_changes(decisions), *_inserts(decisions)]
    if batches:
        write_batches(connection(session), batches)


def _cases(decisions: Sequence[Decision]) -> Iterable[Batch]:
    new = [d.after._asdict() for d in decisions if d.before is None]
    if new:
        yield Batch(Shape("cases", CaseRow._fields), new)
    pairs = [(d.before, d.after) for d in decisions if d.before is not None]
    changed = set().union(*(difference(before, after) for before, after in pairs))
    if changed:
        names = ("id", *sorted(changed))
        rows = [{c: getattr(after, c) for c in names} for _, after in pairs]
        yield Batch(Shape("cases", names, keys=("id",)), rows, exact=True)


def _changes(decisions: Sequence[Decision]) -> Iterable[Batch]:
    shapes: dict[tuple[str, tuple[str, ...]], list[dict[str, Any]]] = defaultdict(list)
    for change in _all_changes(decisions):
        row = {**change.keys, **change.values}
        shapes[change.kind, tuple(row)].append(row)
    for (kind, names), rows in shapes.items():
        rule = CHANGES[kind]
        yield Batch(Shape(rule.table, names, rule.keys, rule.condition, rule.sets), rows, rule.exact)


def _all_changes(decisions: Sequence[Decision]) -> Iterable[Change]:
    return (change for decision in decisions for change in decision.changes)


def _inserts(decisions: Sequence[Decision]) -> Iterable[Batch]:
    tables: dict[tuple[str, tuple[str, ...]], list[Mapping[str, Any]]] = defaultdict(list)
    for decision in decisions:
        for line in decision.events:
            tables["events", EventRow._fields].append(line._asdict())
        for table, row in decision.inserts:
            tables[table, tuple(row)].append(row)
    for (table, names), rows in sorted(tables.items(), key=lambda item: table_order(item[0][0])):
        yield Batch(Shape(table, names), rows)
