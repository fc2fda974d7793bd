"""The command that shows it all: demo."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from api import clock, logs, serve
from api.cli.answers import AS_JSON, OPENED, show_json, show_table

if TYPE_CHECKING:
    from api.demo.month import Made


def add_to(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("demo")(demo)


def demo(
    folder: Path = typer.Option(Path("hazardloop-demo"), "--dir", help="放演示数据的文件夹"),
    no_serve: bool = typer.Option(False, "--no-serve", help="演示完就结束，不启动服务"),
    port: int | None = typer.Option(None, min=0, max=65535, help="服务端口，0 为任意空闲端口", metavar="PORT"),
    as_json: bool = AS_JSON,
) -> None:
    """演示：导入真实台账，走完一个月的全部流程，然后启动服务并显示各岗位的令牌。"""
    # Pictures and spreadsheets take libraries that other commands do without.
    from api.demo import month, telling

    logs.configure()
    folder = folder.absolute()
    earlier = month.found(folder)
    made = earlier or _play(folder, quiet=as_json)
    built = month.house_in(folder, **({} if port is None else {"port": port}))
    OPENED.callback(built.engine.dispose)
    built.migrate()
    told = telling.tell(built, made, clock.now())
    if as_json:
        show_json({"folder": str(folder), "fresh": earlier is None, **told.plain()})
    else:
        typer.echo(f"{'演示数据早已建好' if earlier else '演示数据已建好'}：{folder}")
        for title, headings, rows in told.tables():
            show_table(title, headings, rows)
        for line in told.lines():
            typer.echo(line)
    if not no_serve:
        serve.serve(built, with_worker=True, ready=_greet)


def _play(folder: Path, *, quiet: bool) -> "Made":
    from api.demo import month

    shown = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total} 天"))
    with Progress(*shown, console=Console(stderr=True), disable=quiet) as progress:
        bar = progress.add_task("演示", total=month.DAYS)
        return month.play(
            folder, now=clock.now(), tell=lambda text, done: progress.update(bar, description=text, completed=done)
        )


def _greet(address: str) -> None:
    typer.echo(f"服务已启动：{address}（接口说明 {address}/docs），按 Ctrl+C 停止", err=True)
    typer.echo(f'试一试：curl -H "Authorization: Bearer 令牌" {address}/api/v1/hazards', err=True)
