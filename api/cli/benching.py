"""The command that measures: bench, where the checkout is."""

import subprocess
import sys
from importlib.util import find_spec

import typer

from workflow.refusals import Refusal


class NoBench(Refusal):
    """安装包中没有性能测试，只在源码目录中有。"""


def add_to(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("bench", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(bench)


def bench(ctx: typer.Context) -> None:
    """性能测试：与裸驱动并排测量，其余参数原样交给 python -m bench（含 --json）。"""
    if find_spec("bench") is None or find_spec("bench.__main__") is None:
        raise NoBench(right="在源码目录中运行，或者用 make bench")
    raise typer.Exit(subprocess.run([sys.executable, "-m", "bench", *ctx.args]).returncode)
