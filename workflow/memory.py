"""One case in memory (推演): its rows as a database would hold them after every decision, and who was told."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from workflow.decision import Change, Decision
from workflow.roles import LABELS, Role
from workflow.rows import CaseRow, DeadlineRow, RungRow, changed
from workflow.rules import Rules
from workflow.write import CHANGES

ROLES: Mapping[str, Role] = {label: role for role, label in LABELS.items()}


@dataclass(frozen=True, slots=True)
class Told:
    """One telling: when, whom in which role, and how many rows it put into the outbox."""

    at: datetime
    people: tuple[tuple[Role, str], ...]
    messages: int


@dataclass(slots=True)
class Memory:
    """The rows of a case: promises by id, rungs by key, every telling, and the kinds of acts proposed."""

    case: CaseRow
    deadlines: dict[str, DeadlineRow] = field(default_factory=dict)
    rungs: dict[tuple[str, int, str], RungRow] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    proposed: set[str] = field(default_factory=set)

    def take(self, decision: Decision, rules: Rules) -> None:
        """What `write` would write, in its order: changes, then new rows."""
        self.case = decision.after
        for change in decision.changes:
            self._change(change)
        for table, row in decision.inserts:
            if table == "deadlines":
                self.deadlines[row["id"]] = DeadlineRow(**row)
            elif table == "rungs":
                self.rungs[row["deadline_id"], row["move"], row["name"]] = RungRow(**row)
            elif table == "acts":
                self.proposed.add(row["kind"])
        messages = [row for table, row in decision.inserts if table == "messages"]
        for _, rows in groupby(messages, key=lambda row: row["number"]):
            self.told.append(_told(list(rows), decision.after, rules))

    def awake(self, until: datetime) -> list[RungRow]:
        """The rungs that are due by then."""
        return [r for r in self.rungs.values() if r.wake_at is not None and r.wake_at <= until]

    def _change(self, change: Change) -> None:
        table = CHANGES[change.kind].table
        if table == "deadlines":
            row = self.deadlines[change.keys["id"]]
            self.deadlines[row.id] = changed(row, **change.values)
        elif table == "rungs":
            for key, rung in self.rungs.items():
                if rung.outcome is None and all(getattr(rung, c) == v for c, v in change.keys.items()):
                    self.rungs[key] = changed(rung, **(change.values or {"wake_at": rung.due_at}))


def _told(rows: list[Mapping[str, Any]], case: CaseRow, rules: Rules) -> Told:
    first, sent = rows[0], [row for row in rows if row["outcome"] != "nobody"]
    roles = [ROLES[label] for label in json.loads(first["payload"])["data"]["roles"]]
    found = ((role, rules.directory.recipients(role, case, first["created_at"])) for role in roles)
    return Told(first["created_at"], tuple((role, p.id) for role, people in found for p in people), len(sent))
