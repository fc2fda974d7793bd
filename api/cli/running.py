"""Commands that run: serve, worker, migrate, version."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import typer

from api import serve
from api.cli.answers import AS_JSON, answer
from api.cli.houses import house, ready
from api.house import House
from models import migrate

DATA_DIR = typer.Option(None, "--data-dir", help="数据目录（缺省用 HAZARDLOOP_DATA_DIR）")


def add_to(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("serve")(serve_)
    app.command("worker")(worker)
    app.command("migrate")(migrate_)
    app.command("version")(version_)


def serve_(
    with_worker: bool = typer.Option(False, "--with-worker", help="同时运行后台程序（嵌入式数据库总是同时运行）"),
    host: str | None = typer.Option(None, help="监听地址"),
    port: int | None = typer.Option(None, min=0, max=65535, help="监听端口，0 为任意空闲端口", metavar="PORT"),
    data_dir: Path | None = DATA_DIR,
    as_json: bool = AS_JSON,
) -> None:
    """运行服务（接口）；嵌入式数据库先自动升级。"""
    built = ready(house(host=host, port=port, data_dir=data_dir))
    serve.serve(built, with_worker=with_worker, ready=lambda address: greet(built, address, as_json=as_json))


def greet(built: House, address: str, *, as_json: bool) -> None:
    """Say where the service is and, while nobody has an account, how to set it up."""
    secret = serve.set_up_secret(built)
    told = {
        "address": address,
        "docs": f"{address}/docs",
        **({"set_up_secret": secret, "set_up_link": f"{address}/setup?secret={secret}"} if secret else {}),
    }
    lines = [f"服务已启动：{address}（接口说明 {address}/docs），按 Ctrl+C 停止"]
    if secret:
        lines += [
            "还没有任何账号。用浏览器打开下面的一次性链接启用，24 小时内有效，只能用一次：",
            f"  {address}/setup?secret={secret}",
            "（程序可用 POST /api/v1/setup；也可以先停止服务，运行 hazardloop people setup）",
        ]
    answer(told, as_json=as_json, lines=lines)


def worker(data_dir: Path | None = DATA_DIR, as_json: bool = AS_JSON) -> None:
    """运行后台程序：时限巡查、消息投递、每日锚定。"""
    built = ready(house(data_dir=data_dir))
    serve.work(built, ready=lambda: answer({"worker": "running"}, as_json=as_json, lines=["后台程序已启动"]))


def migrate_(data_dir: Path | None = DATA_DIR, as_json: bool = AS_JSON) -> None:
    """把数据库升级到最新的表结构。"""
    built = house(data_dir=data_dir)
    built.migrate()
    revision = migrate.current(built.engine)
    answer({"revision": revision}, as_json=as_json, lines=[f"数据库已是最新版本：{revision}"])


def version_(as_json: bool = AS_JSON) -> None:
    """显示版本。"""
    try:
        number = version("hazardloop")
    except PackageNotFoundError:
        number = "未安装"
    found = {"version": number, "revision": migrate.head()}
    answer(found, as_json=as_json, lines=[f"hazardloop {found['version']}（表结构 {found['revision']}）"])
