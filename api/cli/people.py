"""Commands about people: set up the house, list, add, disable, grant, revoke, invite."""

from pathlib import Path

import typer

from api import clock
from api.accounts import LinkSpent, first_link, invite, set_up
from api.cli.answers import AS_JSON, answer, show_json, show_table
from api.cli.houses import house, organisation_of, person_of, ready, unchanged
from api.cli.roster import HEADINGS, roster, row
from api.cli.running import DATA_DIR
from models.database import read_session, write_session
from workflow.people import GRANTED, add_person, disable_person, grant, revoke
from workflow.refusals import Refusal
from workflow.roles import LABELS, Role

app = typer.Typer(no_args_is_help=True)
LOGIN = typer.Argument(help="登录名")
ORG = typer.Option(..., "--org", help="所在机构：编号、代码或全称")
PASSWORD = typer.Option(..., prompt="管理员密码", hide_input=True, confirmation_prompt=True, help="缺省在终端询问")


class UnknownRole(Refusal):
    """没有这种岗位。"""


@app.command("setup")
def setup_(
    district: str = typer.Option(..., help="区县名称"),
    code: str = typer.Option(..., help="区县行政区划代码（GB/T 2260）"),
    login: str = typer.Option(..., help="管理员登录名"),
    name: str = typer.Option(..., help="管理员姓名"),
    password: str = PASSWORD,
    data_dir: Path | None = DATA_DIR,
    as_json: bool = AS_JSON,
) -> None:
    """首次设置：建立区县、应急管理局和管理员。"""
    built, now = ready(house(data_dir=data_dir)), clock.now()
    secret = first_link(built.engine, now)
    if secret is None:
        raise LinkSpent(field="setup", right="已有账号，由管理员添加人员")
    person_id = set_up(
        built.engine,
        secret,
        district_name=district,
        district_code=code,
        login=login,
        name=name,
        password=password,
        now=now,
    )
    answer({"person_id": person_id}, as_json=as_json, lines=[f"已建立{district}和管理员 {login}"])


@app.command("list")
def list_(data_dir: Path | None = DATA_DIR, as_json: bool = AS_JSON) -> None:
    """列出人员及其岗位。"""
    with read_session(unchanged(house(data_dir=data_dir)).engine) as session:
        people = roster(session)
    if as_json:
        show_json({"people": people})
        return
    show_table("人员", HEADINGS, (row(person) for person in people))


@app.command("add")
def add(
    login: str = LOGIN,
    name: str = typer.Option(..., help="姓名"),
    org: str = ORG,
    phone: str | None = typer.Option(None, help="电话"),
    data_dir: Path | None = DATA_DIR,
    as_json: bool = AS_JSON,
) -> None:
    """添加人员，并给出设定密码的一次性链接。"""
    built, now = ready(house(data_dir=data_dir)), clock.now()
    with write_session(built.engine) as session:
        person_id = add_person(
            session, login=login, name=name, org_id=organisation_of(session, org), phone=phone, now=now
        ).id
    secret = invite(built.engine, person_id, now)
    answer({"person_id": person_id, "secret": secret}, as_json=as_json, lines=[f"已添加 {login}", *_invitation(secret)])


@app.command("disable")
def disable(login: str = LOGIN, data_dir: Path | None = DATA_DIR, as_json: bool = AS_JSON) -> None:
    """停用人员：岗位撤销，会话和令牌立即失效。"""
    with write_session(ready(house(data_dir=data_dir)).engine) as session:
        disable_person(session, person_of(session, login), now=clock.now())
    answer({"disabled": login}, as_json=as_json, lines=[f"已停用 {login}"])


@app.command("grant")
def grant_(
    login: str = LOGIN,
    role: str = typer.Option(..., help="、".join(f"{role}（{LABELS[role]}）" for role in GRANTED)),
    at: str = typer.Option(..., help="在哪个机构及其以下：编号、代码或全称"),
    sector: str | None = typer.Option(None, help="只限某个行业领域"),
    data_dir: Path | None = DATA_DIR,
    as_json: bool = AS_JSON,
) -> None:
    """授予岗位。"""
    known = {**{r.value: r for r in Role}, **{label: r for r, label in LABELS.items()}}
    if role not in known:
        raise UnknownRole(field="role", right="、".join(GRANTED))
    with write_session(ready(house(data_dir=data_dir)).engine) as session:
        person_id, org_id = person_of(session, login), organisation_of(session, at)
        made = grant(session, person_id=person_id, role=known[role], org_id=org_id, sector=sector, now=clock.now()).id
    answer({"grant_id": made}, as_json=as_json, lines=[f"已授予 {login} {LABELS[known[role]]}，授岗编号 {made}"])


@app.command("revoke")
def revoke_(
    grant_id: str = typer.Argument(help="people list 中的授岗编号"),
    data_dir: Path | None = DATA_DIR,
    as_json: bool = AS_JSON,
) -> None:
    """撤销岗位。"""
    with write_session(ready(house(data_dir=data_dir)).engine) as session:
        revoke(session, grant_id, now=clock.now())
    answer({"revoked": grant_id}, as_json=as_json, lines=[f"已撤销 {grant_id}"])


@app.command("invite")
def invite_(login: str = LOGIN, data_dir: Path | None = DATA_DIR, as_json: bool = AS_JSON) -> None:
    """再给一个设定密码的一次性链接（忘记密码、账号锁定时）。"""
    built = ready(house(data_dir=data_dir))
    with read_session(built.engine) as session:
        person_id = person_of(session, login)
    secret = invite(built.engine, person_id, clock.now())
    answer({"person_id": person_id, "secret": secret}, as_json=as_json, lines=_invitation(secret))


def _invitation(secret: str) -> list[str]:
    return [
        "设定密码的一次性链接，24 小时内有效，只能用一次，请当面交给本人（前面加上本系统的网址）：",
        f"  /password?secret={secret}",
    ]
