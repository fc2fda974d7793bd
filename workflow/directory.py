"""The directory (通讯录), a frozen snapshot: who holds which role where, by which channels an organisation is told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Channel, DirectoryVersion, Grant, Organisation, Person
from workflow.actor import Placed
from workflow.roles import Role


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who can be told."""

    id: str
    name: str
    org_id: str


@dataclass(frozen=True, slots=True)
class Directory:
    """`held`: (role, node) to (sector, person); `members`: organisation to people; `parents`: node to its parent."""

    version: int
    people: Mapping[str, Recipient]
    held: Mapping[tuple[str, str], tuple[tuple[str | None, str], ...]]
    members: Mapping[str, tuple[str, ...]]
    parents: Mapping[str, str | None]
    channels: Mapping[str, tuple[str, ...]]

    def recipients(self, role: Role, case: Placed) -> tuple[Recipient, ...]:
        """Who is told when `role` is: towards the case, else holders for place and sector, else the nearest above."""
        if role is Role.OPENER and case.opened_by in self.people:
            return (self.people[case.opened_by],)
        if role is Role.RESPONSIBLE and (members := self.members.get(case.responsible_org_id or "")):
            return tuple(self.people[person] for person in members)
        return self._nearest(Role.DISPATCHER if role in (Role.OPENER, Role.RESPONSIBLE) else role, case)

    def serving(self, org_id: str) -> tuple[str, ...]:
        """The channels of the organisation, else of the nearest above that has any."""
        node: str | None = org_id
        while node is not None:
            if node in self.channels:
                return self.channels[node]
            node = self.parents.get(node)
        return ()

    def holds(self, person_id: str, role: Role, case: Placed) -> bool:
        """Whether a person, who need not be the actor, has `role` for the case's place and sector."""
        return any(
            person == person_id and sector in (None, case.sector)
            for node in _places(case)
            for sector, person in self.held.get((role, node), ())
        )

    def _nearest(self, role: Role, case: Placed) -> tuple[Recipient, ...]:
        nodes = [*_places(case)]
        above = self.parents.get(case.district_id)
        while above is not None:
            nodes.append(above)
            above = self.parents.get(above)
        for node in nodes:
            held = self.held.get((role, node), ())
            if found := tuple(self.people[p] for sector, p in held if sector in (None, case.sector)):
                return found
        return ()


def _places(case: Placed) -> Iterable[str]:
    return (node for node in (case.village_id, case.town_id, case.lead_org_id, case.district_id) if node)


EMPTY = Directory(0, {}, {}, {}, {}, {})


def version(session: Session) -> int:
    """The number that every change of people, grants or channels counts up; 0 before the first."""
    return session.scalar(select(DirectoryVersion.version)) or 0


def load(session: Session) -> Directory:
    """Read the directory as it is now: some thousands of rows at most, so the edge keeps it until the version moves."""
    now = version(session)
    people = {
        row.id: Recipient(row.id, row.name, row.org_id)
        for row in session.execute(
            select(Person.id, Person.name, Person.org_id).where(Person.disabled_at.is_(None)).order_by(Person.id)
        )
    }
    held: dict[tuple[str, str], list[tuple[str | None, str]]] = defaultdict(list)
    grants = select(Grant.role, Grant.org_id, Grant.sector, Grant.person_id).where(Grant.revoked_at.is_(None))
    for role, org_id, sector, person_id in session.execute(grants.order_by(Grant.id)):
        if person_id in people:
            held[role, org_id].append((sector, person_id))
    members: dict[str, list[str]] = defaultdict(list)
    for person in people.values():
        members[person.org_id].append(person.id)
    channels: dict[str, list[str]] = defaultdict(list)
    rows = select(Channel.org_id, Channel.id).where(Channel.disabled_at.is_(None)).order_by(Channel.id)
    for org_id, channel_id in session.execute(rows):
        channels[org_id].append(channel_id)
    return Directory(
        version=now,
        people=people,
        held={key: tuple(value) for key, value in held.items()},
        members={key: tuple(value) for key, value in members.items()},
        parents=_parents(session),
        channels={key: tuple(value) for key, value in channels.items()},
    )


def _parents(session: Session) -> dict[str, str | None]:
    """Of every place and department, and of the enterprises that have people of their own."""
    staffed = select(Person.org_id)
    rows = select(Organisation.id, Organisation.parent_id).where(
        (Organisation.kind != "enterprise") | Organisation.id.in_(staffed)
    )
    return {row.id: row.parent_id for row in session.execute(rows)}
