"""Commands that prove: verify-history, anchor."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from api import clock
from api.cli.answers import AS_JSON, SHANGHAI, Exit, answer
from api.cli.houses import house, ready, unchanged
from api.cli.running import DATA_DIR
from api.house import House
from api.upkeep import ANCHOR_KEY, ANCHORS, anchor_now
from models.database import read_session
from workflow.anchor import Finding, check_anchor
from workflow.anchor_file import public_key
from workflow.refusals import Refusal
from workflow.verify import Break, verify


class NoPublicKey(Refusal):
    """公钥不正确。"""


def add_to(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("verify-history")(verify_history)
    app.command("anchor")(anchor)


def verify_history(
    anchor_file: Path | None = typer.Option(None, "--anchor", help="再与一份锚定文件核对", metavar="FILE"),
    key: str | None = typer.Option(None, "--public-key", help="锚定的公钥（64 位十六进制）；缺省用本机密钥"),
    data_dir: Path | None = DATA_DIR,
    as_json: bool = AS_JSON,
) -> None:
    """核验全部流转记录：逐条重算历史链，指出第一处断裂；有断裂时退出码为 1。"""
    built = unchanged(house(data_dir=data_dir))
    given = _public_key(key) if key else None
    with read_session(built.engine) as session:
        verdict = verify(session)
        findings = check_anchor(session, anchor_file, given or _own_key(built)) if anchor_file else ()
    sound = verdict.sound and not findings
    told = {
        "sound": sound, "cases": verdict.cases, "events": verdict.events, "broken": verdict.broken,
        "breaks": [_line(found) for found in verdict.breaks],
        "anchor": str(anchor_file) if anchor_file else None,
        "findings": [_line(found) for found in findings],
    }  # fmt: skip
    wrong: list[Break | Finding] = [*verdict.breaks, *findings]
    lines = [f"核验 {verdict.cases} 件、{verdict.events} 条流转记录，断裂 {verdict.broken} 件"]
    lines += [f"与锚定核对：{len(findings)} 处不符"] if anchor_file else []
    lines += [
        f"  {found.number or found.case_id or '锚定文件'} 第 {found.seq or '—'} 条：{found.message}" for found in wrong
    ]
    answer(told, as_json=as_json, lines=lines)
    if not sound:
        raise typer.Exit(Exit.FINDINGS)


def anchor(data_dir: Path | None = DATA_DIR, as_json: bool = AS_JSON) -> None:
    """立即锚定：把全部历史链的末端签名存到数据目录之下的文件，并发消息；每天一份，当天已有的只显示。"""
    built, now = ready(house(data_dir=data_dir)), clock.now()
    made = anchor_now(built, now)
    fresh = made.at == now
    file = built.settings.data_dir / ANCHORS / made.name
    key = public_key(built.secret(ANCHOR_KEY)).hex()
    told = {
        "day": made.day, "fresh": fresh, "at": made.at, "cases": made.cases, "digest": made.digest, "file": str(file),
        "public_key": key,
    }  # fmt: skip
    earlier = f"当天的锚定在 {made.at.astimezone(SHANGHAI):%H:%M:%S} 已经做过，每天一份，这次没有另做"
    lines = [f"{made.day} 已锚定 {made.cases} 件：{file}", f"摘要 {made.digest}", f"公钥 {key}"]
    answer(told, as_json=as_json, lines=lines if fresh else [earlier, *lines])


def _line(found: Break | Finding) -> dict[str, Any]:
    return asdict(found) | {"message": found.message}


def _own_key(built: House) -> bytes:
    if not (made := built.made(ANCHOR_KEY)):
        right = "数据目录中没有锚定密钥；用 --public-key 写明 hazardloop anchor 显示过的公钥"
        raise NoPublicKey(field="public_key", right=right)
    return public_key(made[0])


def _public_key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise NoPublicKey(field="public_key", right="hazardloop anchor 显示的 64 位十六进制公钥")
    return key
