"""Imports (台账导入): a ledger streamed in as a raw body, tried without a trace or taken in."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import select

from api.asked import IdQuery, Shown
from api.evidence import names
from api.identity import Call, SignedIn
from api.instants import Moment
from api.may import must, must_there
from api.paging import CursorText, Limit, Page, decode, page
from api.upload import Chunks
from ledger.district import receiving
from ledger.importing import import_ledger
from ledger.outcome import as_json
from models import Import, Organisation
from models.database import read_session
from workflow.texts import tidy

router = APIRouter(tags=["导入 imports"])
FileName = Annotated[str, Query(min_length=1, max_length=200, description="文件名，如 隐患台账.xlsx")]
Unknown = Annotated[
    Literal["create", "refuse"], Query(description="没有登记的地点和单位：建在“待确认”之下，或者该行不导入")
]
SUFFIX = re.compile(r"\.[a-z]{1,5}")
ERRANDS = {True: "imports.preview", False: "imports.take_in"}
FILE = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


class Problem(BaseModel):
    """一件隐患的问题：在 problems 中的未导入，在 warnings 中的已导入但请核对。"""

    sheet: str
    line: int
    item: int
    name: str
    field: str
    column: str
    value: str
    reason: str
    right: str


class Column(BaseModel):
    """一列表头，以及它对应的字段；field 为空表示没有对应字段，原样保留。"""

    heading: str
    field: str | None


class Imported(BaseModel):
    """导入结果：rows 是数据行数，一行可有几件；hazards = cases + known + problems 件数；import_id 空为没有写入。"""

    rows: int
    hazards: int
    cases: int
    known: int
    problems: list[Problem]
    warnings: list[Problem]
    columns: dict[str, list[Column]]
    notes: list[str]
    import_id: str | None


class ImportOut(Shown):
    """以往的一次导入：hazards 与导入结果中的相同，是读出的隐患件数，等于 cases + known + problems。"""

    id: str
    name: str
    sha256: str
    imported_at: Moment
    imported_by: str | None
    hazards: int = Field(validation_alias="rows")
    cases: int
    known: int
    problems: int


@router.get("/imports", summary="导入记录")
def imports(call: SignedIn, cursor: CursorText = None, limit: Limit = 50) -> Page[ImportOut]:
    """Ledgers that were taken in, the newest first."""
    must(call.actor, "imports.take_in")
    before = decode(cursor, str)
    with read_session(call.engine) as session:
        found = select(Import).order_by(Import.id.desc()).limit(limit + 1)
        rows = session.scalars(found.where(Import.id < before[0]) if before else found).all()
    kept, following = page(rows, limit, lambda row: (row.id,))
    return Page(items=[ImportOut.model_validate(row) for row in kept], next=following)


@router.post("/imports", summary="导入台账", openapi_extra={"requestBody": {"required": True, "content": FILE}})
async def take(
    request: Request,
    call: SignedIn,
    name: FileName,
    preview: Annotated[bool, Query(description="只看会导入什么，不写入")] = True,
    unknown: Unknown = "create",
    district_id: IdQuery = None,
) -> Imported:
    """Read a .xlsx, .xls, .ods or .csv ledger, and unless it is a preview write all good rows in one transaction.

    The same rows sent again are known and add nothing, so that no Idempotency-Key is needed.
    """
    taken = partial(
        _taken, Chunks(request), call, name=tidy(name), preview=preview, unknown=unknown, district_id=district_id
    )
    return await to_thread.run_sync(taken, limiter=request.app.state.uploads)


def _taken(
    chunks: Iterable[bytes],
    call: Call,
    *,
    name: str,
    preview: bool,
    unknown: Literal["create", "refuse"],
    district_id: str | None,
) -> Imported:
    must(call.actor, ERRANDS[preview])
    with read_session(call.engine) as session:
        must_there(call.actor, ERRANDS[preview], session.get_one(Organisation, receiving(session, district_id)))
    name = names.bare(name)
    with _kept(chunks, call.house.settings.data_dir / "incoming", name) as path:
        outcome = import_ledger(
            call.engine, call.rules, path, actor=call.actor, now=call.now, unknown=unknown, dry_run=preview,
            district_id=district_id, name=name,
        )  # fmt: skip
    known: dict[str, Any] = as_json(outcome)
    return Imported.model_validate(known)


@contextmanager
def _kept(chunks: Iterable[bytes], folder: Path, name: str) -> Iterator[Path]:
    """The body as a file for as long as it is read; of its name only the extension is taken."""
    folder.mkdir(parents=True, exist_ok=True)
    found = SUFFIX.fullmatch(Path(name).suffix.lower())
    with TemporaryDirectory(dir=folder) as inside:
        path = Path(inside) / f"ledger{found[0] if found else ''}"
        with path.open("wb") as file:
            file.writelines(chunks)
        yield path
