"""The pages behind one-time links (一次性链接): the first set-up, and a first or new password. They need no script."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine

from api import accounts
from api.identity import Now, TheHouse
from workflow.refusals import Refusal

router = APIRouter(include_in_schema=False)
LONGEST = 200
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
STYLE = (
    "body{font:17px/1.6 sans-serif;max-width:26em;margin:2em auto;padding:0 1em}"
    "input{width:100%;font:inherit;padding:.4em;margin:.2em 0 1em;box-sizing:border-box}"
    "button{font:inherit;padding:.5em 1.6em}[role=alert]{color:#b3261e}"
)
Secret = Annotated[str, Query(max_length=LONGEST)]
Entry = Annotated[str, Form(max_length=LONGEST)]


@dataclass(frozen=True, slots=True)
class Errand:
    """What one kind of link is for: its title, its fields as (name, label, type), what it does, what it says then."""

    title: str
    fields: tuple[tuple[str, str, str], ...]
    does: Callable[[Engine, Mapping[str, str], datetime], str]
    done: str


# fmt: off
SET_UP = Errand(
    "首次启用",
    (
        ("district_name", "区县名称",                     "text"),
        ("district_code", "区县代码（国标代码或自编代码）", "text"),
        ("login",         "管理员登录名",                 "text"),
        ("name",          "管理员姓名",                   "text"),
        ("password",      "密码",                         "password"),
    ),
    lambda engine, said, now: accounts.set_up(engine, now=now, **said),
    "已启用，管理员可以登录了。",
)
PASSWORD = Errand(
    "设定密码",
    (("password", "新密码", "password"),),
    lambda engine, said, now: accounts.choose_password(engine, said["secret"], said["password"], now),
    "密码已设定，可以登录了。",
)
# fmt: on


@router.get("/setup")
def set_up_page(secret: Secret = "") -> Response:
    """The form that the first link opens."""
    return _page(SET_UP, {"secret": secret})


@router.post("/setup")
def set_up(
    house: TheHouse,
    now: Now,
    secret: Entry = "",
    district_name: Entry = "",
    district_code: Entry = "",
    login: Entry = "",
    name: Entry = "",
    password: Entry = "",
) -> Response:
    """Make the district, its bureau and the administrator; a refusal shows the form again and changes nothing."""
    said = {"secret": secret, "district_name": district_name, "district_code": district_code}
    return _run(SET_UP, {**said, "login": login, "name": name, "password": password}, house.engine, now)


@router.get("/password")
def password_page(secret: Secret = "") -> Response:
    """The form that an invitation opens."""
    return _page(PASSWORD, {"secret": secret})


@router.post("/password")
def choose_password(house: TheHouse, now: Now, secret: Entry = "", password: Entry = "") -> Response:
    """Choose the password; a refusal shows the form again."""
    return _run(PASSWORD, {"secret": secret, "password": password}, house.engine, now)


def _run(errand: Errand, said: Mapping[str, str], engine: Engine, now: datetime) -> Response:
    try:
        errand.does(engine, said, now)
    except Refusal as refusal:
        return _page(errand, said, refusal)
    return _html(errand.title, f"<p>{errand.done}</p>", 200)


def _page(errand: Errand, said: Mapping[str, str], refusal: Refusal | None = None) -> Response:
    """The form, with what was said before (but passwords) and why it was refused."""
    why = f'<p role="alert">{escape(str(refusal))}</p>' if refusal else ""
    rows = "".join(
        f'<label>{label}<input name="{name}" type="{kind}" required maxlength="{LONGEST}"'
        f' value="{escape(said.get(name, "") if kind == "text" else "")}"></label>'
        for name, label, kind in errand.fields
    )
    hidden = f'<input type="hidden" name="secret" value="{escape(said["secret"])}">'
    form = f'{why}<form method="post">{hidden}{rows}<button>{errand.title}</button></form>'
    return _html(errand.title, form, refusal.status if refusal else 200)


def _html(title: str, body: str, status: int) -> Response:
    page = (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title} · 隐患闭环</title><style>{STYLE}</style><h1>{title}</h1>{body}</html>"
    )
    return HTMLResponse(page, status, {"Content-Security-Policy": POLICY})
