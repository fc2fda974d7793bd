"""The house a command works in: its settings, its database brought up to date or refused."""

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from api import logs
from api.cli.answers import OPENED, BadSettings, NotReady
from api.house import House
from api.serve import embedded
from api.settings import Settings
from models import Organisation, Person, migrate
from models.database import read_session
from workflow.actor import SYSTEM, Actor
from workflow.people import actor_of, login_key
from workflow.refusals import UnknownOrganisation, UnknownPerson


def house(**chosen: Any) -> House:
    """A house by the environment, but for what was chosen on the command line; BadSettings."""
    logs.configure()
    built = House(Settings(**{name: value for name, value in chosen.items() if value is not None}))
    try:
        # Made here, so that an address nobody can use is refused before anything is done.
        OPENED.callback(built.engine.dispose)
    except (ValueError, ArgumentError) as fault:
        right = "sqlite:///文件 或 postgresql://用户:密码@主机/数据库"
        raise BadSettings(field="HAZARDLOOP_DATABASE_URL", right=right) from fault
    return built


def ready(built: House) -> House:
    """The house with its tables there: an embedded database is migrated, another one must have been; NotReady."""
    if embedded(built):
        built.migrate()
    elif (found := migrate.current(built.engine)) != migrate.head():
        raise NotReady(field="database", right=_migrate_first(found))
    return built


def present(built: House) -> House:
    """The house whose database, if it is a file, is there: opening one would make it; NotReady."""
    file = built.engine.url.database
    if embedded(built) and not (file and Path(file).exists()):
        raise NotReady(field="database", right=f"先运行 hazardloop migrate（没有 {file}）")
    return built


def unchanged(built: House) -> House:
    """The house with its tables as they must be, for who only reads: nothing is migrated or made; NotReady."""
    if (found := migrate.current(present(built).engine)) != migrate.head():
        raise NotReady(field="database", right=_migrate_first(found))
    return built


def _migrate_first(found: str | None) -> str:
    return f"先运行 hazardloop migrate（现为 {found}，应为 {migrate.head()}）"


def acting(built: House, login: str | None) -> Actor:
    """Who a command acts as: the person named, else the system; UnknownPerson."""
    if login is None:
        return SYSTEM
    with read_session(built.engine) as session:
        return actor_of(session, person_of(session, login))


def person_of(session: Session, login: str) -> str:
    """The id of the person with this login; UnknownPerson."""
    found = session.scalar(select(Person.id).where(Person.login == login_key(login)))
    if found is None:
        raise UnknownPerson(field="login", right="hazardloop people list 中的登录名")
    return found


def organisation_of(session: Session, named: str) -> str:
    """The id of the organisation with this id, code or name; UnknownOrganisation where there is none or more."""
    for column in (Organisation.id, Organisation.code, Organisation.name):
        found = session.scalars(select(Organisation.id).where(column == named).limit(2)).all()
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownOrganisation(field="org", right=f"有几个机构叫“{named}”，请改用代码或编号")
    raise UnknownOrganisation(field="org", right="机构的编号、代码或全称")
