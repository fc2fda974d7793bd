"""The directory (通讯录), a frozen snapshot: who holds which role or watch where, by which channels they are told."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Channel, DirectoryVersion, Grant, Organisation, Person
from workflow.actor import Placed
from workflow.roles import Role
from workflow.watches import Post, Watch, load_desks, load_watches, watch_at

# fmt: off
POSTS: Mapping[Role, tuple[Post, int]] = {
    # role             post       how many places with a watch above the nearest
    Role.ON_DUTY:     ("officer", 0),
    Role.DUTY_LEADER: ("leader",  0),
    Role.DUTY_ABOVE:  ("officer", 1),
}
# fmt: on
# Whom the case itself names, and who is told in their stead where it names nobody.
TOWARDS: Mapping[Role, Role] = {
    Role.OPENER: Role.DISPATCHER,
    Role.RESPONSIBLE: Role.DISPATCHER,
    Role.LEAD: Role.DISPATCHER,
    Role.SPONSOR: Role.LEADER,
}
STANDING: Mapping[Post, Role] = {"officer": Role.DUTY_OFFICER, "leader": Role.LEADER}


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who can be told."""

    id: str
    name: str
    org_id: str


@dataclass(frozen=True, slots=True)
class Directory:
    """`held`: (role, node) to (sector, person); `members`: organisation to people; `parents`: node to its parent.

    `watches`: organisation to its watches in order; `desks`: place to the departments under it that keep its watch.
    """

    version: int
    people: Mapping[str, Recipient]
    held: Mapping[tuple[str, str], tuple[tuple[str | None, str], ...]]
    members: Mapping[str, tuple[str, ...]]
    parents: Mapping[str, str | None]
    channels: Mapping[str, tuple[str, ...]]
    watches: Mapping[str, tuple[Watch, ...]]
    desks: Mapping[str, tuple[str, ...]]

    def recipients(self, role: Role, case: Placed, at: datetime) -> tuple[Recipient, ...]:
        """Who is told at that instant when `role` is: towards the case or on watch, else the nearest holders."""
        if role in POSTS:
            post, above = POSTS[role]
            return self.duty(case, post, at, above=above)
        if role is Role.LISTER:
            return self._listing(case)
        if role in TOWARDS and (found := self._towards(role, case)):
            return found
        return self._nearest(TOWARDS.get(role, role), case)

    def duty(self, case: Placed, post: Post, at: datetime, *, above: int = 0) -> tuple[Recipient, ...]:
        """Who has the watch at that instant at the case's nearest place with one, or so many such places `above` it.

        Without such a watch, or where its person has been disabled: standing duty officers or leaders, the nearest
        above the last place that has a watch, else the nearest of all.
        """
        places = [node for node in (case.village_id, case.town_id, case.district_id) if node]
        places += self._above(case.district_id)
        on_watch = ((height, self._on_watch(place, post, at)) for height, place in enumerate(places, 1))
        found = [(height, person) for height, person in on_watch if person]
        if len(found) > above:
            return (found[above][1],)
        higher = places[found[-1][0] :] if found else []
        return self._held_at(higher, STANDING[post], case.sector) or self._nearest(STANDING[post], case)

    def _towards(self, role: Role, case: Placed) -> tuple[Recipient, ...]:
        """Those whom the case itself names: one person, or everybody of one organisation."""
        one = {Role.OPENER: case.opened_by, Role.SPONSOR: case.sponsor_id}.get(role)
        all_of = {Role.RESPONSIBLE: case.responsible_org_id, Role.LEAD: case.lead_org_id}.get(role)
        named = (one,) if one else self.members.get(all_of or "", ())
        return tuple(self.people[person] for person in named if person in self.people)

    def _listing(self, case: Placed) -> tuple[Recipient, ...]:
        """The supervisors at the body that lists, else at the nearest above it, else above the case."""
        lister = [case.lister_org_id, *self._above(case.lister_org_id)] if case.lister_org_id else []
        return self._held_at(lister, Role.SUPERVISOR, case.sector) or self._nearest(Role.SUPERVISOR, case)

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
        nodes = (*_places(case), *((case.lister_org_id,) if case.lister_org_id else ()))
        return any(
            person == person_id and sector in (None, case.sector)
            for node in nodes
            for sector, person in self.held.get((role, node), ())
        )

    def _on_watch(self, place: str, post: Post, at: datetime) -> Recipient | None:
        """Of the place itself, else of the first department under it that has somebody on watch then."""
        for org_id in (place, *self.desks.get(place, ())):
            watch = watch_at(self.watches.get(org_id, ()), at)
            if watch and (person := self.people.get(watch.held_by(post))):
                return person
        return None

    def _nearest(self, role: Role, case: Placed) -> tuple[Recipient, ...]:
        return self._held_at([*_places(case), *self._above(case.district_id)], role, case.sector)

    def _held_at(self, nodes: Iterable[str], role: Role, sector: str | None) -> tuple[Recipient, ...]:
        """The holders at the first of the nodes that has any for the sector."""
        for node in nodes:
            held = self.held.get((role, node), ())
            if found := tuple(self.people[person] for theirs, person in held if theirs in (None, sector)):
                return found
        return ()

    def _above(self, node: str) -> Iterator[str]:
        above = self.parents.get(node)
        while above is not None:
            yield above
            above = self.parents.get(above)


def _places(case: Placed) -> Iterable[str]:
    return (node for node in (case.village_id, case.town_id, case.lead_org_id, case.district_id) if node)


EMPTY = Directory(0, {}, {}, {}, {}, {}, {}, {})


def version(session: Session) -> int:
    """The number that every change of people, grants, channels or watches counts up; 0 before the first."""
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
    watches = load_watches(session)
    return Directory(
        version=now,
        people=people,
        held={key: tuple(value) for key, value in held.items()},
        members={key: tuple(value) for key, value in members.items()},
        parents=_parents(session),
        channels={key: tuple(value) for key, value in channels.items()},
        watches=watches,
        desks=load_desks(session, watches),
    )


def _parents(session: Session) -> dict[str, str | None]:
    """Of every place and department, and of the enterprises that have people of their own."""
    staffed = select(Person.org_id)
    rows = select(Organisation.id, Organisation.parent_id).where(
        (Organisation.kind != "enterprise") | Organisation.id.in_(staffed)
    )
    return {row.id: row.parent_id for row in session.execute(rows)}
