"""A district to measure in: towns, an enterprise and its safety officer in each, a bureau with one of every role."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from models import Evidence, new_id
from models.database import read_session, write_session
from workflow import directory
from workflow.actor import Actor
from workflow.calendar import statutory
from workflow.opening import NewHazard, open_cases
from workflow.people import actor_of, add_person, grant
from workflow.places import add_organisation
from workflow.profile import shipped
from workflow.roles import Role
from workflow.rules import Rules

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
ROLES = (Role.INSPECTOR, Role.INSPECTOR, Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Stage:
    """The places by id and the people as actors; `officers` are those of the bureau, in the order of `ROLES`."""

    district: str
    towns: tuple[str, ...]
    enterprises: tuple[str, ...]
    owners: tuple[Actor, ...]
    officers: tuple[Actor, ...]
    town_inspectors: tuple[Actor, ...]

    def owner(self, enterprise_id: str) -> Actor:
        """The enterprise's safety officer."""
        return self.owners[self.enterprises.index(enterprise_id)]


def build(engine: Engine, *, towns: int = 20) -> Stage:
    """Fill an empty database with the district and return it."""
    with write_session(engine) as session:
        district = add_organisation(session, kind="district", name="示范区", parent_id=None, now=NOW, code="330199").id
        bureau = add_organisation(session, kind="department", name="示范区应急管理局", parent_id=district, now=NOW).id
        officers = [_officer(session, f"officer{n}", role, bureau, district) for n, role in enumerate(ROLES)]
        names = [f"第{n}镇" for n in range(towns)]
        places = [add_organisation(session, kind="town", name=n, parent_id=district, now=NOW).id for n in names]
        inspectors = [_officer(session, f"town{n}", Role.INSPECTOR, town, town) for n, town in enumerate(places)]
        owners = [_owner(session, n, town) for n, town in enumerate(places)]
        return Stage(
            district=district,
            towns=tuple(places),
            enterprises=tuple(owner.org_id for owner in owners),
            owners=tuple(owners),
            officers=tuple(officers),
            town_inspectors=tuple(inspectors),
        )


def rules_in(engine: Engine) -> Rules:
    """The national profile, the statutory calendar and the stage's directory."""
    with read_session(engine) as session:
        return Rules(shipped(), statutory(), directory.load(session))


def _officer(session: Session, login: str, role: Role, org_id: str, place_id: str) -> Actor:
    person = add_person(session, login=login, name=f"工作人员{login}", org_id=org_id, now=NOW)
    grant(session, person_id=person.id, role=role, org_id=place_id, now=NOW)
    return actor_of(session, person.id)


def _owner(session: Session, n: int, town_id: str) -> Actor:
    unit = add_organisation(session, kind="enterprise", name=f"示范化工{n}厂", parent_id=town_id, now=NOW)
    person = add_person(session, login=f"owner{n}", name=f"安全员{n}", org_id=unit.id, now=NOW)
    return actor_of(session, person.id)


def open_hazards(engine: Engine, stage: Stage, count: int, *, now: datetime = NOW) -> list[str]:
    """Open `count` hazards, spread over the enterprises, and return their case ids."""
    ids: list[str] = []
    rules = rules_in(engine)
    for start in range(0, count, BATCH):
        hazards = [_hazard(stage, n, now) for n in range(start, min(start + BATCH, count))]
        with write_session(engine) as session:
            decisions = open_cases(session, rules, hazards, actor=stage.officers[0], now=now)
        ids += [decision.after.id for decision in decisions]
    return ids


def _hazard(stage: Stage, n: int, now: datetime) -> NewHazard:
    place = n % len(stage.towns)
    return NewHazard(
        description=f"{n}号车间安全出口被杂物堵塞，疏散通道宽度不足1.4米，应急照明灯损坏2处",
        district_id=stage.district,
        town_id=stage.towns[place],
        enterprise_id=stage.enterprises[place],
        sector="危化品",
        location=f"{n}号车间东侧",
        found_at=now - timedelta(hours=1),
    )


def bring_evidence(engine: Engine, case_ids: Sequence[str]) -> None:
    """One photo after rectification for each case; its hash is `photo(case_id)`."""
    rows = [
        {
            "id": new_id(NOW), "case_id": case_id, "phase": "after", "sha256": photo(case_id), "size": 200_000,
            "media_type": "image/jpeg", "name": "整改后.jpg", "cycle": 1, "received_at": NOW, "received_from": "bench",
        }
        for case_id in case_ids
    ]  # fmt: skip
    with write_session(engine) as session:
        session.execute(insert(Evidence), rows)


def photo(case_id: str) -> str:
    """SHA-256 of the case's one photo."""
    return hashlib.sha256(case_id.encode()).hexdigest()
