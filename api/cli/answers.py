"""How the command line answers (应答): people read Chinese, machines one JSON object, scripts the exit code."""

import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import DBAPIError
from typer import rich_utils
from typer.core import TyperGroup

from api.house import NoDataDir
from api.lock import WorkerRuns
from api.serve import PortTaken
from models.migrate import OrphanedRows
from notifications.faults import Fault
from workflow.profile import ProfileFault
from workflow.refusals import Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")
JSON = "hazardloop.json"
PIPE_WIDTH = 160


class Exit(IntEnum):
    """Exit codes; 2 is also what the command line itself answers to a wrong option."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    REFUSED = 3
    ENVIRONMENT = 4


class NotReady(Refusal):
    """数据库还没有建好，或者版本与程序不一致。"""


class BadSettings(Refusal):
    """环境变量 HAZARDLOOP_… 中有不正确的设置。"""


# The first row whose kind fits.
CODES: tuple[tuple[type[Exception], Exit], ...] = (
    (WorkerRuns, Exit.ENVIRONMENT),
    (PortTaken, Exit.ENVIRONMENT),
    (NotReady, Exit.ENVIRONMENT),
    (BadSettings, Exit.ENVIRONMENT),
    (NoDataDir, Exit.ENVIRONMENT),
    (ProfileFault, Exit.ENVIRONMENT),
    (Fault, Exit.ENVIRONMENT),
    (Refusal, Exit.REFUSED),
    (DBAPIError, Exit.ENVIRONMENT),
    (OrphanedRows, Exit.ENVIRONMENT),
    (FileNotFoundError, Exit.REFUSED),
    (OSError, Exit.ENVIRONMENT),
)


def said(error: Exception) -> dict[str, Any]:
    """What went wrong, for machines: name, Chinese message, field and what would be right."""
    match error:
        case Refusal() | Fault():
            told = {"message": error.message, "field": error.field, "right": error.right}
            return {"name": type(error).__name__, **told, **getattr(error, "facts", {})}
        case DBAPIError():
            message = "数据库连不上、被占用或者已满。请检查 HAZARDLOOP_DATABASE_URL 和磁盘后重试。"
            return {"name": "DatabaseUnavailable", "message": message, "cause": type(error.orig).__name__}
        case OrphanedRows():
            return {
                "name": "OrphanedRows",
                "message": f"数据库有缺损：{'、'.join(error.tables)} 中有记录指向已经不存在的记录，没有改动任何内容。"
                "先用 hazardloop verify-history 查明是哪些事项，再从备份恢复。",
            }
        case typer.TyperException():
            return {"name": "WrongUsage", "message": f"命令的用法不对：{error.format_message()}"}
        case FileNotFoundError():
            return {"name": "FileMissing", "message": f"没有这个文件或文件夹：{error.filename}"}
        case _:
            return {"name": type(error).__name__, "message": f"文件或端口不能使用：{error}"}


# What a command opened: closed when it has answered.
OPENED = ExitStack()


class Folding(rich_utils.OptionHighlighter):
    """Marks options in a help text and folds it: Chinese has no blanks to wrap at, and what does not fit is cut."""

    def __call__(self, text: str | Text) -> Text:
        """The text, marked."""
        marked = super().__call__(text)
        marked.overflow = "fold"
        return marked


rich_utils.highlighter = Folding()


class Answering(TyperGroup):
    """The whole command line: what is refused is told in one Chinese sentence, never as a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; an expected error becomes its exit code."""
        # A command line that can't be read has set nothing yet.
        machine = "--json" in ctx.args
        try:
            return super().invoke(ctx)
        except ValidationError as fault:
            settings = "、".join(f"HAZARDLOOP_{'_'.join(map(str, e['loc'])).upper()}" for e in fault.errors())
            self._refuse(ctx, BadSettings(field=settings, right="见 README 的设置表"))
        except typer.TyperException as wrong:
            if machine:
                show_json({"refused": said(wrong)})
            raise  # the framework shows the usage and ends with 2
        except BrokenPipeError:
            raise  # whoever read the answer has had enough (| head): the framework ends without a word
        except tuple(kind for kind, _ in CODES) as error:
            self._refuse(ctx, error)
        finally:
            OPENED.close()

    def _refuse(self, ctx: Any, error: Exception) -> None:
        typer.echo(str(error) if isinstance(error, Refusal | Fault) else said(error)["message"], err=True)
        if ctx.meta.get(JSON):
            show_json({"refused": said(error)})
        ctx.exit(next(code for kind, code in CODES if isinstance(error, kind)))


def _remember(ctx: typer.Context, wanted: bool) -> bool:
    ctx.meta[JSON] = ctx.meta.get(JSON, False) or wanted
    return wanted


AS_JSON = typer.Option(False, "--json", help="输出一个 JSON 对象，供程序读取", callback=_remember)


def show_json(value: dict[str, Any]) -> None:
    """Exactly one JSON object on standard output."""
    json.dump(plain(value), sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
    sys.stdout.flush()


def answer(value: dict[str, Any], *, as_json: bool, lines: Iterable[str]) -> None:
    """The same answer for machines or for people."""
    if as_json:
        show_json(value)
        return
    for line in lines:
        typer.echo(line)


def show_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for people; a long cell is folded, never cut."""
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow="fold", min_width=2 * len(heading))
    for row in rows:
        table.add_row(*("" if cell is None else str(plain(cell)) for cell in row))
    # A file or a pipe has no width of its own.
    Console(width=None if sys.stdout.isatty() else PIPE_WIDTH).print(table)


def plain(value: Any) -> Any:
    """Values as JSON has them; instants in Shanghai's time."""
    match value:
        case datetime():
            return value.astimezone(SHANGHAI).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case Decimal() | StrEnum():
            return str(value)
        case dict():
            return {str(key): plain(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(inner) for inner in value]
    return value
