"""The actor (操作人): a person with the organisation they act for and the roles they hold there."""

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
        """Whether the node is one of the case's fixed levels (or its lead department) and the sector fits."""
        place = self.org_id in (case.village_id, case.town_id, case.district_id, case.lead_org_id)
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
        if role is Role.OPENER:
            return case.opened_by == self.id
        if role is Role.RESPONSIBLE:
            return case.responsible_org_id == self.org_id
        return any(h.role is role and h.covers(case) for h in self.held)

    def holds(self, role: Role) -> bool:
        """Whether this person has `role` anywhere."""
        return any(h.role is role for h in self.held)


SYSTEM = Actor(id="system", name="系统", org_id="system")
