"""What people are told (消息): outbox rows for an event, for every channel and person; for nobody, that too."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from models.ids import new_id
from workflow.arithmetic import said
from workflow.directory import Recipient
from workflow.history import canonical
from workflow.roles import LABELS, Role
from workflow.rows import NOTHING, CaseRow, DeadlineRow
from workflow.rules import Rules
from workflow.table import Workflow


class Telling(NamedTuple):
    """What is to be told about one event: to which roles, with what words; pointless once `deadline_id` has ended.

    `data`: what goes with it for machines to read.
    """

    template: str
    tell: frozenset[Role]
    headline: str
    detail: str = ""
    deadline_id: str | None = None
    priority: int = 2
    data: Mapping[str, Any] = NOTHING


class Outbox(NamedTuple):
    """The rows to write, who is named in them, and the roles nobody holds."""

    rows: tuple[Mapping[str, Any], ...]
    unheld: tuple[Role, ...]


def outbox(
    telling: Telling, case: CaseRow, workflow: Workflow, *, seq: int, number: int, rules: Rules, now: datetime
) -> Outbox:
    """One row for each channel and person of the roles; a row with outcome `nobody` for each role without a holder."""
    people: dict[str, Recipient] = {}
    unheld: list[Role] = []
    for role in sorted(telling.tell):
        found = rules.directory.recipients(role, case, now)
        people.update((person.id, person) for person in found)
        if not found:
            unheld.append(role)
    payload = _payload(telling, case, workflow, seq=seq, number=number, people=people.values())
    common = {
        "case_id": case.id,
        "event_seq": seq,
        "number": number,
        "template": telling.template,
        "deadline_id": telling.deadline_id,
        "priority": _priority(telling, workflow),
        "payload": payload,
        "created_at": now,
        "attempts": 0,
    }
    rows = [addressed(common, channel_id=c, now=now) for c in _channels(people.values(), rules)]
    rows += [addressed(common, recipient_id=person_id, now=now) for person_id in people]
    rows += [addressed(common, nobody=role, now=now) for role in unheld]
    return Outbox(tuple(rows), tuple(unheld))


def owed(workflow: Workflow, deadlines: Iterable[DeadlineRow]) -> str:
    """What is owed by when, the nearest first, where that can't wait for somebody to open the page."""
    running = sorted((d.due_at, workflow.by_deadline[d.name].label) for d in deadlines if d.runs and workflow.urgent)
    return f"应办：{'；'.join(f'{label} {said(due_at)}前' for due_at, label in running)}" if running else ""


def lines(*parts: str) -> str:
    """The parts that say something, one under the other."""
    return "\n".join(part for part in parts if part)


def _channels(people: Iterable[Recipient], rules: Rules) -> list[str]:
    serving = (channel for person in people for channel in rules.directory.serving(person.org_id))
    return list(dict.fromkeys(serving))


def addressed(
    common: Mapping[str, Any],
    *,
    now: datetime,
    channel_id: str | None = None,
    recipient_id: str | None = None,
    nobody: Role | None = None,
) -> Mapping[str, Any]:
    """A channel's row waits to be sent; a person's is shown at once; nobody's is a red line."""
    target = f"channel:{channel_id}" if channel_id else f"person:{recipient_id}" if recipient_id else f"nobody:{nobody}"
    outcome = None if channel_id else "shown" if recipient_id else "nobody"
    return {
        "id": new_id(now),
        **common,
        "target": target,
        "channel_id": channel_id,
        "recipient_id": recipient_id,
        "wake_at": now if channel_id else None,
        "outcome": outcome,
        "settled_at": now if outcome else None,
    }


def _payload(
    telling: Telling, case: CaseRow, workflow: Workflow, *, seq: int, number: int, people: Iterable[Recipient]
) -> str:
    due = f"，期限 {said(case.next_due_at)}" if case.next_due_at else ""
    detail = f"\n{telling.detail}" if telling.detail else ""
    return canonical(
        {
            "title": f"【{workflow.label} {case.number} · 第{number}号通知】{telling.headline}",
            "text": f"{case.title}\n状态：{workflow.states[case.state]}{due}{detail}",
            "number": case.number,
            "case_id": case.id,
            "workflow": workflow.name,
            "state": case.state,
            "seq": seq,
            "message_no": number,
            "priority": _priority(telling, workflow),
            "data": {
                "template": telling.template,
                "to": sorted(p.name for p in people),
                "roles": _labels(telling.tell),
                **telling.data,
            },
        }
    )


def _priority(telling: Telling, workflow: Workflow) -> int:
    return 0 if workflow.urgent else telling.priority


def _labels(roles: Iterable[Role]) -> list[str]:
    return [LABELS[role] for role in sorted(roles)]
