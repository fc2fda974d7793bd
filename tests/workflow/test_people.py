"""Who may do what is granted, seen at once, and taken back at once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from models import Credential, DirectoryVersion, Grant, Person
from models.database import write_session
from tests.people import Cast, populate
from workflow import people
from workflow.actor import Held
from workflow.refusals import Refusal, UnknownOrganisation, UnknownPerson
from workflow.roles import Role

NOW = datetime.fromisoformat("2026-03-02T09:00+08:00")


def test_an_actor_holds_what_was_granted_and_nothing_else(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        people.grant(
            session, person_id=cast.inspector.id, role=Role.DUTY_OFFICER, org_id=cast.town, sector="消防", now=NOW
        )
        actor = people.actor_of(session, cast.inspector.id)
        assert set(actor.held) == {Held(Role.INSPECTOR, cast.district), Held(Role.DUTY_OFFICER, cast.town, "消防")}
        assert people.actor_of(session, cast.enterprise_person.id).held == ()


def test_a_revoked_role_is_gone_and_stays_on_record(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        held = session.scalars(select(Grant).where(Grant.person_id == cast.inspector.id)).one()
        people.revoke(session, held.id, now=NOW, by=cast.admin.id)
        assert people.actor_of(session, cast.inspector.id).held == ()
        assert (held.revoked_at, held.revoked_by) == (NOW, cast.admin.id)
        with pytest.raises(people.UnknownGrant):
            people.revoke(session, held.id, now=NOW)


def test_who_is_disabled_is_out_at_once(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        session.add(
            Credential(
                hash="0" * 64,
                kind="token",
                person_id=cast.supervisor.id,
                created_at=NOW,
                expires_at=NOW + timedelta(days=1),
            )
        )
        people.disable_person(session, cast.supervisor.id, now=NOW, by=cast.admin.id)
        with pytest.raises(UnknownPerson):
            people.actor_of(session, cast.supervisor.id)
    with write_session(database) as session:
        assert session.get_one(Credential, "0" * 64).ended_at == NOW
        left = select(Grant).where(Grant.person_id == cast.supervisor.id, Grant.revoked_at.is_(None))
        assert session.scalars(left).all() == []
        with pytest.raises(UnknownPerson):
            people.grant(session, person_id=cast.supervisor.id, role=Role.LEADER, org_id=cast.district, now=NOW)


def test_every_change_is_counted(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)

        def version() -> int:
            return session.scalar(select(DirectoryVersion.version)) or 0

        seen = [version()]
        new = people.add_person(session, login="new", name="新人", org_id=cast.bureau, now=NOW)
        seen.append(version())
        held = people.grant(session, person_id=new.id, role=Role.LEADER, org_id=cast.town, now=NOW)
        seen.append(version())
        people.revoke(session, held.id, now=NOW)
        seen.append(version())
        people.disable_person(session, new.id, now=NOW)
        seen.append(version())
        assert seen == sorted(set(seen))


def test_who_administers_handles_no_cases_and_the_other_way_round(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        for who, role in ((cast.admin, Role.SUPERVISOR), (cast.supervisor, Role.ADMINISTRATOR)):
            with pytest.raises(people.AdministratorApart):
                people.grant(session, person_id=who.id, role=role, org_id=cast.district, now=NOW)


def test_the_last_administrator_cannot_lock_the_house_from_outside(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        held = session.scalars(select(Grant).where(Grant.person_id == cast.admin.id)).one()
        with pytest.raises(people.LastAdministrator):
            people.revoke(session, held.id, now=NOW)
        with pytest.raises(people.LastAdministrator):
            people.disable_person(session, cast.admin.id, now=NOW)
        new = people.add_person(session, login="new", name="新人", org_id=cast.bureau, now=NOW)
        people.grant(session, person_id=new.id, role=Role.ADMINISTRATOR, org_id=cast.district, now=NOW)
        people.disable_person(session, cast.admin.id, now=NOW)
        assert people.actor_of(session, new.id).holds(Role.ADMINISTRATOR)


def enterprise_officer(cast: Cast) -> dict[str, str]:
    return {"person_id": cast.enterprise_person.id, "role": Role.INSPECTOR, "org_id": cast.town}


def officer_of_enterprise(cast: Cast) -> dict[str, str]:
    return {"person_id": cast.inspector.id, "role": Role.INSPECTOR, "org_id": cast.enterprise}


def opener(cast: Cast) -> dict[str, str]:
    return {"person_id": cast.inspector.id, "role": Role.OPENER, "org_id": cast.town}


def twice(cast: Cast) -> dict[str, str]:
    return {"person_id": cast.inspector.id, "role": Role.INSPECTOR, "org_id": cast.district}


def nowhere(cast: Cast) -> dict[str, str]:
    return {"person_id": cast.inspector.id, "role": Role.LEADER, "org_id": "nowhere"}


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        (enterprise_officer, people.EnterpriseHoldsNoRole),
        (officer_of_enterprise, people.EnterpriseHoldsNoRole),
        (opener, people.NotGranted),
        (twice, people.AlreadyGranted),
        (nowhere, UnknownOrganisation),
    ],
)
def test_a_grant_that_makes_no_sense_is_refused_by_name(database: Engine, asked: Any, refused: type[Refusal]) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        with pytest.raises(refused) as refusal:
            people.grant(session, now=NOW, **asked(cast))
        assert refusal.value.field


def test_one_login_is_one_person_however_it_is_typed(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        with pytest.raises(people.LoginTaken):
            people.add_person(session, login=" ＩＮＳＰＥＣＴＯＲ ", name="另一个", org_id=cast.bureau, now=NOW)
        for login in ("", "   ", "two words"):
            with pytest.raises(people.BadLogin):
                people.add_person(session, login=login, name="某人", org_id=cast.bureau, now=NOW)
        made = people.add_person(session, login="Zhang.San", name="张三", org_id=cast.bureau, now=NOW)
        assert session.get_one(Person, made.id).login == "zhang.san"
