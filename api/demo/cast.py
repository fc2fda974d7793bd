"""Who plays in the demo (演示人物): a district that does not exist, with everybody who has a part in a case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.actor import Actor
from workflow.people import actor_of, add_person, grant
from workflow.places import add_organisation
from workflow.roles import Role

# fmt: off
ORGANISATIONS: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    # key         kind          name                    under       details
    ("district",  "district",   "示范区",               "",         {"code": "330199"}),
    ("bureau",    "department", "示范区应急管理局",     "district", {"code": "330199-yj"}),
    ("gate",      "town",       "城关镇",               "district", {"code": "330199100"}),
    ("east",      "town",       "东风街道",             "district", {"code": "330199001"}),
    ("village",   "village",    "东街村",               "gate",     {"code": "330199100201"}),
    ("chemical",  "enterprise", "示范精细化工有限公司", "gate",     {"sector": "危化品"}),
    ("builder",   "enterprise", "示范建设工程有限公司", "gate",     {"sector": "建筑施工"}),
    ("mall",      "enterprise", "东风商贸城",           "east",     {"sector": "消防"}),
    ("diner",     "enterprise", "老王饭店",             "village",  {"sector": "燃气"}),
)
PEOPLE: tuple[tuple[str, str, str, Role | None, str], ...] = (
    # login             name      acts for    role                for
    ("inspector",       "李检查", "bureau",   Role.INSPECTOR,     "district"),
    ("inspector2",      "周检查", "bureau",   Role.INSPECTOR,     "district"),
    ("inspector3",      "钱检查", "bureau",   Role.INSPECTOR,     "district"),
    ("town_inspector",  "孙镇查", "gate",     Role.INSPECTOR,     "gate"),
    ("dispatcher",      "吴交办", "bureau",   Role.DISPATCHER,    "district"),
    ("supervisor",      "郑审核", "bureau",   Role.SUPERVISOR,    "district"),
    ("duty_officer",    "冯值班", "bureau",   Role.DUTY_OFFICER,  "district"),
    ("duty_officer2",   "蒋值班", "bureau",   Role.DUTY_OFFICER,  "district"),
    ("leader",          "王局长", "bureau",   Role.LEADER,        "district"),
    ("deputy",          "沈副局", "bureau",   Role.LEADER,        "district"),
    ("administrator",   "陈管理", "bureau",   Role.ADMINISTRATOR, "district"),
    ("chemical",        "赵安全", "chemical", None,               ""),
    ("builder",         "卫安全", "builder",  None,               ""),
    ("mall",            "褚安全", "mall",     None,               ""),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Levels:
    """The fixed levels an organisation stands under."""

    district_id: str
    town_id: str | None
    village_id: str | None


@dataclass(frozen=True, slots=True)
class Cast:
    """Organisations by key: their ids, levels and sectors; people by login, as actors."""

    places: dict[str, str]
    levels: dict[str, Levels]
    sectors: dict[str, str | None]
    people: dict[str, Actor]


def populate(session: Session, now: datetime) -> Cast:
    """Build the district in an empty database; nobody has a password."""
    cast = Cast({}, {}, {}, {})
    for key, kind, name, under, details in ORGANISATIONS:
        parent_id = cast.places[under] if under else None
        made = add_organisation(session, kind=kind, name=name, parent_id=parent_id, now=now, **details)
        cast.places[key] = made.id
        cast.levels[key] = Levels(made.district_id or made.id, made.town_id, made.village_id)
        cast.sectors[key] = made.sector
    for login, name, org, role, node in PEOPLE:
        person = add_person(session, login=login, name=name, org_id=cast.places[org], now=now)
        if role:
            grant(session, person_id=person.id, role=role, org_id=cast.places[node], now=now)
        cast.people[login] = actor_of(session, person.id)
    return cast
