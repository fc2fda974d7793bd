"""The command line (命令行) `hazardloop`: Chinese help, `--json` on every command, exit codes that mean something."""

import typer

from api.cli import (
    benching,
    checking,
    demonstrating,
    duty,
    holidays,
    papers,
    people,
    proof,
    running,
    simulating,
    tokens,
)
from api.cli.answers import Answering

HELP = """隐患闭环：从发现到销号，不漏一件，不误一个时限。

退出码：0 正常；1 有发现（历史链断裂、检查有红灯）；2 用法错误；3 输入被拒绝；4 环境问题。"""

app = typer.Typer(
    cls=Answering,
    help=HELP,
    no_args_is_help=True,
    add_completion=False,
    # Its tracebacks show local variables, and those may be secrets.
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for room in (running, papers, proof, simulating, checking, demonstrating, benching):
    room.add_to(app)
app.add_typer(people.app, name="people", help="人员和岗位（管理员用）")
app.add_typer(holidays.app, name="holidays", help="放假通知和工作日历")
app.add_typer(duty.app, name="duty", help="值班表：排班、谁在值班")
app.add_typer(tokens.app, name="token", help="接口令牌（管理员用）")
