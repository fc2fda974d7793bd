"""Getting in and out (登录): sessions, the first set-up, passwords by one-time link, and who one is."""

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlalchemy import select

from api import accounts
from api.accounts.sessions import ABSOLUTE
from api.asked import Asked, Secret, Shown
from api.identity import COOKIE, SECURE_COOKIE, Now, SignedIn, TheHouse
from api.instants import Moment
from api.words import Line
from models import Organisation
from models.database import read_session
from workflow.actor import Actor
from workflow.roles import LABELS

router = APIRouter(tags=["登录 session"])


class LogIn(Asked):
    """登录名和密码。"""

    login: str = Field(min_length=1, max_length=200)
    password: Secret


class Opened(Shown):
    """会话密钥：放在 Authorization: Bearer 中使用；浏览器同时得到 Cookie。"""

    secret: str
    person_id: str
    expires_at: Moment


class SetUp(Asked):
    """首次启用：用一次性链接中的密钥建立区县、应急管理局和管理员。"""

    secret: Secret
    district_name: Line
    district_code: str = Field(min_length=1, max_length=32, description="GB/T 2260 代码或自编代码")
    login: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=64)
    password: Secret


class NewPassword(Asked):
    """用一次性链接中的密钥设定密码。"""

    secret: Secret
    password: Secret


class WhoIs(Shown):
    """是谁。"""

    person_id: str


class HeldRole(Shown):
    """一个岗位：在哪一级机构、哪个行业领域；行业领域为空表示全部。"""

    role: str
    label: str
    org_id: str
    org_name: str
    sector: str | None


class Me(Shown):
    """当前操作人。"""

    id: str
    name: str
    org_id: str
    org_name: str
    held: list[HeldRole]


@router.post("/session", status_code=201, summary="登录")
def log_in(asked: LogIn, request: Request, response: Response, house: TheHouse, now: Now) -> Opened:
    """Open a session: thirty idle minutes or twelve hours. Sending it again opens another one."""
    secret, person_id = accounts.log_in(house.engine, asked.login, asked.password, now)
    tls = request.url.scheme == "https"
    response.set_cookie(
        SECURE_COOKIE if tls else COOKIE, secret, max_age=int(ABSOLUTE.total_seconds()), path="/",
        secure=tls, httponly=True, samesite="lax",
    )  # fmt: skip
    return Opened(secret=secret, person_id=person_id, expires_at=now + ABSOLUTE)


@router.delete("/session", status_code=204, summary="退出登录")
def log_out(call: SignedIn, request: Request, response: Response) -> None:
    """End the session that sent this; an API token stays."""
    accounts.log_out(call.engine, call.secret, call.now)
    for name in (SECURE_COOKIE, COOKIE):
        if name in request.cookies:
            response.delete_cookie(name, path="/", secure=name == SECURE_COOKIE, httponly=True, samesite="lax")


@router.post("/setup", status_code=201, summary="首次启用")
def set_up(asked: SetUp, house: TheHouse, now: Now) -> WhoIs:
    """Use the one-time set-up link: the district, its bureau and the administrator, all or nothing."""
    return WhoIs(person_id=accounts.set_up(house.engine, now=now, **asked.model_dump()))


@router.post("/password", summary="设定密码")
def choose_password(asked: NewPassword, house: TheHouse, now: Now) -> WhoIs:
    """Use a one-time link to choose a first or a new password; it ends the person's open sessions."""
    return WhoIs(person_id=accounts.choose_password(house.engine, asked.secret, asked.password, now))


@router.get("/me", summary="我是谁")
def me(call: SignedIn) -> Me:
    """The person behind this request and the roles they hold now."""
    nodes = {call.actor.org_id, *(held.org_id for held in call.actor.held)}
    with read_session(call.engine) as session:
        rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(nodes)))
        names = {row.id: row.name for row in rows}
    return _shown(call.actor, names)


def _shown(actor: Actor, names: dict[str, str]) -> Me:
    held = [
        HeldRole(role=h.role, label=LABELS[h.role], org_id=h.org_id, org_name=names[h.org_id], sector=h.sector)
        for h in actor.held
    ]
    return Me(id=actor.id, name=actor.name, org_id=actor.org_id, org_name=names[actor.org_id], held=held)
