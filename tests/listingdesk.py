"""A desk for stories about listings: who proposes, lists, files, accepts and delists, at the desk's clock."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Listing, Organisation, Person
from models.database import write_session
from tests.desk import PLAN, Desk
from workflow.actor import Actor
from workflow.decision import Decision
from workflow.listings.opening import NewListing, propose
from workflow.people import actor_of, add_person, grant
from workflow.places import add_organisation
from workflow.roles import Role

STATES = ("discovered", "assigned", "rectifying", "submitted", "verified", "closed")


@dataclass(slots=True)
class Listings:
    """Listings over the cast's hazards; the district lists, or the city or the town, which have officers for it."""

    desk: Desk
    city: str = field(init=False)
    city_supervisor: Actor = field(init=False)
    city_leader: Actor = field(init=False)
    town_supervisor: Actor = field(init=False)

    def __post_init__(self) -> None:
        with write_session(self.desk.engine) as session:
            known = session.scalar(select(Organisation.id).where(Organisation.kind == "city"))
            now = self.desk.clock.now
            made = known or add_organisation(session, kind="city", name="示范市", parent_id=None, now=now).id
            self.city = made
            for login, name, org_id, role in (
                ("city_supervisor", "何市审", made, Role.SUPERVISOR),
                ("city_leader", "吕市长", made, Role.LEADER),
                ("town_supervisor", "施镇审", self.desk.cast.town, Role.SUPERVISOR),
            ):
                setattr(self, login, self._officer(session, login, name, org_id, role))

    def _officer(self, session: Session, login: str, name: str, org_id: str, role: Role) -> Actor:
        known = session.scalar(select(Person.id).where(Person.login == login))
        if known is not None:
            return actor_of(session, known)
        now = self.desk.clock.now
        person = add_person(session, login=login, name=name, org_id=org_id, now=now)
        grant(session, person_id=person.id, role=role, org_id=org_id, now=now)
        return actor_of(session, person.id)

    def lister(self, level: str) -> str:
        """The body that lists at a level."""
        return {"town": self.desk.cast.town, "city": self.city}.get(level, self.desk.cast.district)

    def chief(self, level: str) -> Actor:
        """Who lists and accepts for it."""
        return {"town": self.town_supervisor, "city": self.city_supervisor}.get(level, self.desk.cast.supervisor)

    def head(self, level: str) -> Actor:
        """Who delists for it."""
        return self.city_leader if level == "city" else self.desk.cast.leader

    def propose(self, *hazards: str, level: str = "district", by: Actor | None = None, **words: Any) -> str:
        """The dispatcher proposes a listing over the hazards, a new one if none is named; the listing's id."""
        covered = hazards or (self.desk.to("assigned"),)
        said = {"hazards": covered, "lister_org_id": self.lister(level), "basis": "久拖不改"}
        new = NewListing(level=level, **(said | words))
        with write_session(self.desk.engine) as session:
            opened = propose(
                session, self.desk.rules, new, actor=by or self.desk.cast.dispatcher, now=self.desk.clock.now
            )
        return opened.after.id

    def notice(self, **data: Any) -> dict[str, Any]:
        """What a notice says."""
        cast, number = self.desk.cast, 1 + self.desk.count(Listing, Listing.notice_number.is_not(None))
        said = {
            "notice_number": f"示安委办督〔2026〕{number}号", "responsible_org_id": cast.enterprise,
            "lead_org_id": cast.fire_department, "sponsor_id": cast.leader.id,
        }  # fmt: skip
        return said | data

    def list(self, case_id: str, **data: Any) -> Decision:
        """The body lists it."""
        return self.desk.fire(case_id, "list", self.chief(self.level(case_id)), **self.notice(**data))

    def start(self, case_id: str) -> Decision:
        """The enterprise files its plan and begins."""
        self.desk.fire(case_id, "file_plan", self.desk.cast.enterprise_person, **PLAN)
        return self.desk.fire(case_id, "start", self.desk.cast.enterprise_person)

    def submit(self, case_id: str) -> Decision:
        """The enterprise applies for acceptance with one new photo."""
        return self.desk.submit(case_id)

    def accept(self, case_id: str) -> Decision:
        """The department, the district where it has a part, then the body that listed."""
        level = self.level(case_id)
        self.desk.fire(case_id, "accept_by_department", self.desk.cast.fire_inspector)
        if level in ("city", "province"):
            self.desk.fire(case_id, "accept_by_district", self.desk.cast.supervisor)
        return self.desk.fire(case_id, "verify", self.chief(level))

    def fail(self, case_id: str) -> Decision:
        """The department finds it not good enough."""
        return self.desk.fire(case_id, "reject", self.desk.cast.fire_inspector, note="仍有缺口")

    def delist(self, case_id: str, **data: Any) -> Decision:
        """The head of the body delists and publishes it."""
        head = self.head(self.level(case_id))
        return self.desk.fire(case_id, "close", head, **{"published_where": "区政府网站", **data})

    def to(self, state: str, *hazards: str, level: str = "district") -> str:
        """A listing that has come as far as `state` along the straight road."""
        case_id = self.propose(*hazards, level=level)
        for step in (self.list, self.start, self.submit, self.accept, self.delist)[: STATES.index(state)]:
            step(case_id)
        return case_id

    def finish(self, hazard: str) -> None:
        """An assigned hazard comes to be closed."""
        for step in (self.desk.start, self.desk.submit, self.desk.verify, self.desk.close):
            step(hazard)

    def level(self, case_id: str) -> str:
        """Its level now."""
        return self.desk.case(case_id).level

    def day(self, days: int) -> Any:
        """A date so many days from now."""
        return (self.desk.clock.now + timedelta(days=days)).date()
