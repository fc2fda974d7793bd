"""Commands about API tokens: issue, list, revoke."""

from dataclasses import asdict
from pathlib import Path

import typer

from api import clock
from api.accounts import issue_token, revoke_token, tokens_of
from api.cli.answers import AS_JSON, answer, show_json, show_table
from api.cli.houses import house, person_of, ready, unchanged
from api.cli.people import LOGIN
from api.cli.running import DATA_DIR
from models.database import read_session

app = typer.Typer(no_args_is_help=True)


@app.command("issue")
def issue(
    login: str = LOGIN,
    name: str = typer.Option(..., help="令牌的用途"),
    days: int = typer.Option(90, help="有效天数，1 至 366"),
    data_dir: Path | None = DATA_DIR,
    as_json: bool = AS_JSON,
) -> None:
    """签发接口令牌；密钥只显示这一次。"""
    built = ready(house(data_dir=data_dir))
    with read_session(built.engine) as session:
        person_id = person_of(session, login)
    secret = issue_token(built.engine, person_id, name, now=clock.now(), days=days)
    lines = ["令牌密钥只显示这一次：", f"  Authorization: Bearer {secret}"]
    answer({"person_id": person_id, "secret": secret}, as_json=as_json, lines=lines)


@app.command("list")
def list_(login: str = LOGIN, data_dir: Path | None = DATA_DIR, as_json: bool = AS_JSON) -> None:
    """列出一个人的有效令牌。"""
    built = unchanged(house(data_dir=data_dir))
    with read_session(built.engine) as session:
        person_id = person_of(session, login)
    found = tokens_of(built.engine, person_id, clock.now())
    if as_json:
        show_json({"tokens": [asdict(token) for token in found]})
        return
    rows = [(t.id, t.name, t.created_at, t.expires_at, t.used_at) for t in found]
    show_table("接口令牌", ("编号", "用途", "签发", "到期", "最近使用"), rows)


@app.command("revoke")
def revoke(
    login: str = LOGIN,
    token_id: str = typer.Argument(help="token list 中的编号"),
    data_dir: Path | None = DATA_DIR,
    as_json: bool = AS_JSON,
) -> None:
    """停用令牌。"""
    built = ready(house(data_dir=data_dir))
    with read_session(built.engine) as session:
        person_id = person_of(session, login)
    revoke_token(built.engine, token_id, person_id=person_id, now=clock.now())
    answer({"revoked": token_id}, as_json=as_json, lines=[f"已停用 {token_id}"])
