"""The actor (操作人): a person with the organisation they act for and the roles they hold there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from workflow.roles import Role


class Placed(Protocol):
    """What a role is judged against: anything with a place, a sector and units, such as a case."""

    @property
    def district_id(self) -> str: ...
    @property
    def town_id(self) -> str | None: ...
    @property
    def village_id(self) -> str | None: ...
    @property
    def sector(self) -> str | None: ...
    @property
    def lead_org_id(self) -> str | None: ...
    @property
    def lister_org_id(self) -> str | None: ...
    @property
    def sponsor_id(self) -> str | None: ...
    @property
    def responsible_org_id(self) -> str | None: ...
    @property
    def opened_by(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Held:
    """A role held for one node of the tree and all below it; `sector` none means every sector."""

    role: Role
    org_id: str
    sector: str | None = None

    def covers(self, case: Placed) -> bool:
        """Whether the node is one of the case's fixed levels (or leads or lists it) and the sector fits."""
        nodes = (case.village_id, case.town_id, case.district_id, case.lead_org_id, case.lister_org_id)
        place = self.org_id in nodes
        return place and (self.sector is None or self.sector == case.sector)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody acting: `id` is a person's; the system itself (clock, import) acts as `SYSTEM`."""

    id: str
    name: str
    org_id: str
    held: tuple[Held, ...] = ()

    def is_(self, role: Role, case: Placed) -> bool:
        """Whether this person has `role` towards this case."""
        if towards := TOWARDS.get(role):
            return towards(self, case)
        return any(h.role is role and h.covers(case) for h in self.held)

    def holds(self, role: Role) -> bool:
        """Whether this person has `role` anywhere."""
        return any(h.role is role for h in self.held)


def _lists(actor: Actor, case: Placed) -> bool:
    """Who lists, delists: a supervisor or leader of the very body, not of one above or below it."""
    return any(h.org_id == case.lister_org_id and h.role in LISTERS for h in actor.held)


LISTERS = frozenset({Role.SUPERVISOR, Role.LEADER})
# Roles that nobody is granted: the case itself says who has them.
TOWARDS: Mapping[Role, Callable[[Actor, Placed], bool]] = {
    Role.OPENER: lambda actor, case: case.opened_by == actor.id,
    Role.RESPONSIBLE: lambda actor, case: case.responsible_org_id == actor.org_id,
    Role.LEAD: lambda actor, case: case.lead_org_id == actor.org_id,
    Role.LISTER: _lists,
    Role.SPONSOR: lambda actor, case: case.sponsor_id == actor.id,
}

SYSTEM = Actor(id="system", name="系统", org_id="system")
