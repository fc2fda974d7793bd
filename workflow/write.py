"""Write (写入): the one door through which decisions reach the database, one or five hundred, set-based."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from models.batches import Batch, shape, table_order
from models.database import connection
from models.writing import write_batches
from workflow.decision import Decision
from workflow.history import EventRow
from workflow.rows import CaseRow
from workflow.tallies import CELL

COUNTED = ("tally_deltas", (*CELL, "n"))


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of change: its table, what must hold, what is set beside the values, whether it must find one row."""

    table: str
    condition: str = ""
    sets: str = ""
    exact: bool = False


# fmt: off
CHANGES: Mapping[str, Rule] = {
    "deadline":    Rule("deadlines",   "deadlines.outcome IS NULL", exact=True),
    "rungs_of":    Rule("rungs",       "rungs.outcome IS NULL"),
    "rungs_awake": Rule("rungs",       "rungs.outcome IS NULL", "wake_at = due_at"),
    "rung":        Rule("rungs",       "rungs.outcome IS NULL", exact=True),
    "judged":      Rule("submissions"),
    "extension":   Rule("extensions",  "extensions.decided_at IS NULL"),
    "hazards":     Rule("hazards",     exact=True),
    "listings":    Rule("listings",    exact=True),
    "rounds":      Rule("rounds",      exact=True),
    "incidents":   Rule("incidents",   exact=True),
    "measures":    Rule("measures",    exact=True),
    "item":        Rule("round_items", "round_items.outcome IS NULL", exact=True),
    "item_back":   Rule("round_items", "round_items.outcome = 'dropped'", exact=True),
    "items_of":    Rule("round_items", "round_items.outcome IS NULL"),
    "covers":      Rule("links",       "links.kind = 'uncovered'", exact=True),
    "uncovered":   Rule("links",       "links.kind = 'covers'", exact=True),
    "act":         Rule("acts",        "acts.outcome IS NULL", exact=True),
    "acts_of":     Rule("acts",        "acts.outcome IS NULL"),
    "messages_of": Rule("messages",    "messages.outcome IS NULL"),
}
# fmt: on


def write(session: Session, decisions: Sequence[Decision]) -> None:
    """Write decisions in the caller's transaction, which has locked their case rows; `LostRace` if a row had changed.

    The order is: cases, changes, then new rows, so that a change never touches a row of its own decision.
    """
    batches = [*_cases(decisions), *_changes(decisions), *_inserts(decisions)]
    if batches:
        write_batches(connection(session), batches)


def _summed(deltas: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """The changes of the dashboard's counters, one row a cell instead of two a case."""
    cells: dict[Sequence[Any], int] = defaultdict(int)
    for *cell, n in deltas:
        cells[tuple(cell)] += n
    return [(*cell, n) for cell, n in cells.items() if n]


def _cases(decisions: Sequence[Decision]) -> Iterable[Batch]:
    new = [d.after for d in decisions if d.before is None]
    if new:
        yield Batch(shape("cases", CaseRow._fields), new)
    befores = [d.before for d in decisions if d.before is not None]
    afters = [d.after for d in decisions if d.before is not None]
    # Column by column, for five hundred cases differ in four of 46; what one of them changed is written for all.
    columns = zip(CaseRow._fields, zip(*befores, strict=True), zip(*afters, strict=True), strict=bool(befores))
    changed = {name: now for name, was, now in columns if was != now}
    if changed:
        rows = list(zip(*changed.values(), (after.id for after in afters), strict=True))
        yield Batch(shape("cases", tuple(changed), ("id",)), rows, exact=True)


def _changes(decisions: Sequence[Decision]) -> Iterable[Batch]:
    groups: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[Sequence[Any]]] = defaultdict(list)
    for decision in decisions:
        for kind, keys, values in decision.changes:
            groups[kind, tuple(values), tuple(keys)].append((*values.values(), *keys.values()))
    for (kind, names, keyed), rows in groups.items():
        rule = CHANGES[kind]
        yield Batch(shape(rule.table, names, keyed, rule.condition, rule.sets), rows, rule.exact)


def _inserts(decisions: Sequence[Decision]) -> Iterable[Batch]:
    tables: dict[tuple[str, tuple[str, ...]], list[Sequence[Any]]] = defaultdict(list)
    for decision in decisions:
        tables["events", EventRow._fields].extend(decision.events)
        for table, row in decision.inserts:
            tables[table, tuple(row)].append((*row.values(),))
    if len(decisions) > 1 and COUNTED in tables:
        tables[COUNTED] = _summed(tables[COUNTED])
    for (table, names), rows in sorted(tables.items(), key=lambda item: table_order(item[0][0])):
        if rows:
            yield Batch(shape(table, names), rows)
