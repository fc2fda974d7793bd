"""The people and places that tests are about: a small district with everybody who has a part in a case."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Organisation, Person
from workflow.actor import Actor
from workflow.people import actor_of, add_person, grant
from workflow.places import add_organisation
from workflow.roles import Role

# Of no real company: district 330199 is not in GB/T 2260.
CREDIT_CODE = "91330199MA0000001W"
OTHER_CREDIT_CODE = "91330199MA00000020"


@dataclass(frozen=True, slots=True)
class Cast:
    """Organisations by id, people as actors; all officers belong to the bureau unless their name says otherwise."""

    district: str
    bureau: str
    fire_department: str
    town: str
    other_town: str
    village: str
    other_village: str
    enterprise: str
    other_enterprise: str
    village_enterprise: str
    inspector: Actor
    second_inspector: Actor
    fire_inspector: Actor
    town_inspector: Actor
    dispatcher: Actor
    supervisor: Actor
    leader: Actor
    duty_officer: Actor
    admin: Actor
    enterprise_person: Actor
    other_enterprise_person: Actor


# fmt: off
ORGANISATIONS = (
    # attribute, kind, name, parent, details
    ("district", "district", "示范区", None, {"code": "330199"}),
    ("bureau", "department", "示范区应急管理局", "district", {"code": "330199-yj"}),
    ("fire_department", "department", "示范区消防救援大队", "district", {"code": "330199-xf", "sector": "消防"}),
    ("town", "town", "城关镇", "district", {"code": "330199100"}),
    ("other_town", "town", "东风街道", "district", {"code": "330199001"}),
    ("village", "village", "东街村", "town", {"code": "330199100201"}),
    ("other_village", "village", "向阳社区", "other_town", {"code": "330199001001"}),
    ("enterprise", "enterprise", "示范精细化工有限公司", "town", {"credit_code": CREDIT_CODE, "sector": "危化品"}),
    ("other_enterprise", "enterprise", "东风商贸（示范）有限公司", "other_town", {}),
    ("village_enterprise", "enterprise", "老王饭店", "village", {}),
)
PEOPLE = (
    # attribute                 name      acts for            role                 for
    ("inspector",               "李检查",  "bureau",           Role.INSPECTOR,      "district"),
    ("second_inspector",        "周检查",  "bureau",           Role.INSPECTOR,      "district"),
    ("fire_inspector",          "钱消防",  "fire_department",  Role.INSPECTOR,      "fire_department"),
    ("town_inspector",          "孙镇查",  "town",             Role.INSPECTOR,      "town"),
    ("dispatcher",              "吴交办",  "bureau",           Role.DISPATCHER,     "district"),
    ("supervisor",              "郑审核",  "bureau",           Role.SUPERVISOR,     "district"),
    ("leader",                  "王局长",  "bureau",           Role.LEADER,         "district"),
    ("duty_officer",            "冯值班",  "bureau",           Role.DUTY_OFFICER,   "district"),
    ("admin",                   "陈管理",  "bureau",           Role.ADMINISTRATOR,  "district"),
    ("enterprise_person",       "赵安全",  "enterprise",       None,                None),
    ("other_enterprise_person", "褚安全",  "other_enterprise", None,                None),
)
# fmt: on


def found(session: Session) -> Cast:
    """The cast of a district that `populate` has built."""
    places = {row.name: row.id for row in session.scalars(select(Organisation))}
    logins = {row.login: row.id for row in session.scalars(select(Person))}
    return Cast(
        **{attribute: places[name] for attribute, _, name, _, _ in ORGANISATIONS},
        **{attribute: actor_of(session, logins[attribute]) for attribute, *_ in PEOPLE},
    )


def populate(session: Session, now: datetime) -> Cast:
    """Build the district in an empty database; everybody's login is their attribute's name, nobody has a password."""
    places: dict[str, str] = {}
    for attribute, kind, name, parent, details in ORGANISATIONS:
        parent_id = places[parent] if parent else None
        made = add_organisation(session, kind=kind, name=name, parent_id=parent_id, now=now, **details)
        places[attribute] = made.id
    people: dict[str, Actor] = {}
    for attribute, name, org, role, node in PEOPLE:
        person = add_person(session, login=attribute, name=name, org_id=places[org], now=now)
        if role and node:
            grant(session, person_id=person.id, role=role, org_id=places[node], now=now)
        people[attribute] = actor_of(session, person.id)
    return Cast(**places, **people)
