"""The command that checks: what is in force, what can be reached, every red light."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from api import clock
from api.checkup import check_up
from api.cli.answers import AS_JSON, Exit, answer
from api.cli.houses import house, present
from api.cli.running import DATA_DIR
from workflow.guards import UNIT_LABELS


def add_to(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("check")(check)


def check(
    sources: bool = typer.Option(False, "--sources", help="同时列出每个时限及其依据"),
    data_dir: Path | None = DATA_DIR,
    as_json: bool = AS_JSON,
) -> None:
    """检查：生效的规则和日历、数据库、渠道、后台程序、红灯；有红灯时退出码为 1。"""
    lights = list(check_up(present(house(data_dir=data_dir)), clock.now()))
    red = any(light.red for light in lights)
    lines = [f"{'红' if light.red else '绿'}  {light.name}：{light.text}" for light in lights]
    if sources:
        lines += [_source(limit) for light in lights for limit in light.details.get("limits", ())]
    answer({"red": red, "lights": [asdict(light) for light in lights]}, as_json=as_json, lines=lines)
    if red:
        raise typer.Exit(Exit.FINDINGS)


def _source(limit: dict[str, Any]) -> str:
    whose = f"（{limit['for']}）" if limit["for"] else ""
    return f"    {limit['title']}{whose} {_figure(limit)}：{limit['source']}"


def _figure(limit: dict[str, Any]) -> str:
    if "amount" not in limit:
        return "不要求"
    if limit["at"]:
        return f"每日 {'、'.join(limit['at'])} 前"
    longest = f"，最长 {limit['cap']}" if limit["cap"] else ""
    return f"{limit['amount']} {UNIT_LABELS[limit['unit']]}{longest}"
