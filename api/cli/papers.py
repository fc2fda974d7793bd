"""Commands about paper: import a ledger, export one."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import Progress

from api import clock
from api.cli.answers import AS_JSON, Exit, answer, said, show_json
from api.cli.houses import acting, house, organisation_of, ready, unchanged
from api.cli.running import DATA_DIR
from api.house import House
from ledger.export import FORMATS, export
from models.database import read_session
from workflow.calendar import statutory
from workflow.directory import EMPTY
from workflow.refusals import Refusal
from workflow.rules import Rules

SHOWN = 20

Format = StrEnum("Format", {name: name for name in FORMATS})  # type: ignore[misc]  # the ledger's list is the one list


class Unknown(StrEnum):
    """What becomes of places and units that nobody knows."""

    CREATE = "create"
    REFUSE = "refuse"


def add_to(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("import")(import_)
    app.command("export")(export_)


def import_(
    file: Path = typer.Argument(help="台账：.xlsx、.xls、.ods 或 .csv"),
    dry_run: bool = typer.Option(False, "--dry-run", help="只试算，不写入；空数据库也可以"),
    unknown: Unknown = typer.Option(
        Unknown.CREATE, help="不认识的地点和单位：create 建在“待确认”之下，refuse 列为问题"
    ),
    problems: Path | None = typer.Option(
        None, help="把问题行连同原因写入这个 .xlsx 或 .csv；缺省写入当前文件夹的“<台账名>-问题.xlsx”", metavar="FILE"
    ),
    district: str | None = typer.Option(None, help="导入到哪个区县（有几个区县时必填）：编号、代码或全称"),
    login: str | None = typer.Option(None, "--as", help="以谁的名义导入（登录名）；缺省为系统"),
    data_dir: Path | None = DATA_DIR,
    as_json: bool = AS_JSON,
) -> None:
    """导入台账：好的行一次全部导入，问题行带原因列出；同一份再导一次不会重复。"""
    built = house(data_dir=data_dir)
    try:
        outcome = _taken_in(
            built if dry_run else ready(built), file, clock.now(),
            dry_run=dry_run, unknown=unknown, district=district, login=login, quiet=as_json,
        )  # fmt: skip
    except Refusal as refusal:
        if not as_json:
            raise
        # A machine reads one shape, whatever became of the file.
        typer.echo(str(refusal), err=True)
        show_json({"rows": 0, "cases": 0, "problems": [said(refusal)]})
        raise typer.Exit(Exit.REFUSED) from refusal
    if not (problems or dry_run or as_json) and outcome.refused:
        # In a folder that is read-only the problems are shown all the same: the import has been done.
        with suppress(OSError):
            problems = _beside(file)
    _report(outcome, dry_run=dry_run, problems=problems, as_json=as_json)


def _taken_in(
    built: House,
    file: Path,
    now: datetime,
    *,
    dry_run: bool,
    unknown: Unknown,
    district: str | None,
    login: str | None,
    quiet: bool,
) -> Any:
    # Reading spreadsheets takes libraries that other commands do without.
    from ledger.importing import import_ledger
    from ledger.scratch import has_district

    rules = built.rules(now) if has_district(built.engine) else Rules(built.profile, statutory(), EMPTY)
    district_id = None
    if district:
        with read_session(built.engine) as session:
            district_id = organisation_of(session, district)
    actor = acting(built, login)
    with Progress(console=Console(stderr=True), transient=True, disable=quiet or not sys.stderr.isatty()) as progress:
        bar = progress.add_task("导入", total=None)
        return import_ledger(
            built.engine, rules, file, actor=actor, now=now, unknown=unknown.value, dry_run=dry_run,
            district_id=district_id, progress=lambda done, whole: progress.update(bar, completed=done, total=whole),
        )  # fmt: skip


def _beside(file: Path) -> Path:
    """A new file for the problems in the folder the command runs in; one that is there is never written over."""
    for number in count(1):
        path = Path(f"{file.stem}-问题{number if number > 1 else ''}.xlsx")
        with suppress(FileExistsError):
            path.touch(exist_ok=False)
            return path
    raise AssertionError


def _report(outcome: Any, *, dry_run: bool, problems: Path | None, as_json: bool) -> None:
    from ledger.outcome import as_json as plain
    from ledger.outcome import write_problems

    if problems:
        write_problems(outcome, problems)
    done = "可导入" if dry_run else "已导入"
    lines = [
        f"{outcome.lines} 行 {outcome.rows} 件：{done} {outcome.cases} 件，"
        f"以前已有 {outcome.known} 件，未导入 {len(outcome.refused)} 件",
        *(line for sheet, columns in outcome.columns.items() for line in _columns(sheet, columns)),
        *_shown("说明", outcome.notes),
        *_shown("问题（用 --problems FILE 全部写入文件）", [_line(problem, done) for problem in outcome.problems]),
    ]
    lines += [f"问题已写入 {problems}"] if problems else []
    answer(plain(outcome), as_json=as_json, lines=lines)


def _columns(sheet: str, columns: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What the headings of a sheet were taken for, and those that nobody knows."""
    from ledger.headings import named

    known = [f"{heading} → {named(field)}" for heading, field in columns if field]
    unknown = [heading for heading, field in columns if heading and not field]
    yield f"工作表“{sheet}”认出的列：{'；'.join(known)}"
    if unknown:
        yield f"  没有认出、原样保留的列：{'；'.join(unknown)}"


def _line(problem: Any, done: str) -> str:
    fault = problem.fault
    label = "未导入" if problem.refused else f"{done}，请核对"
    where = f"{problem.sheet} 第 {problem.line} 行 {problem.column}".rstrip()
    return f"【{label}】{where}：{fault.reason}。应为：{fault.right}"


def _shown(title: str, lines: Sequence[str]) -> Iterator[str]:
    """The first lines under a title; nothing where there are none."""
    if lines:
        yield f"{title}："
        yield from (f"  {line}" for line in lines[:SHOWN])
    if len(lines) > SHOWN:
        yield f"  ……共 {len(lines)} 条"


def export_(
    out: Path = typer.Option(..., help="写到哪个文件", metavar="FILE"),
    format: Format | None = typer.Option(None, help="缺省按文件的扩展名"),
    login: str | None = typer.Option(None, "--as", help="只导出此人可见的（登录名）；缺省为全部"),
    data_dir: Path | None = DATA_DIR,
    as_json: bool = AS_JSON,
) -> None:
    """导出台账（一单四制表头）。"""
    built = unchanged(house(data_dir=data_dir))
    chosen = format.value if format else out.suffix.removeprefix(".").lower()
    if chosen not in FORMATS:
        raise typer.BadParameter(f"文件名须以 .{'、.'.join(FORMATS)} 结尾，或者用 --format 指明", param_hint="--out")
    actor = acting(built, login) if login else None
    with read_session(built.engine) as session:
        count = export(session, out, format=chosen, actor=actor)
    answer({"rows": count, "file": str(out)}, as_json=as_json, lines=[f"已导出 {count} 件：{out}"])
