"""Evidence (佐证材料): streamed in as a raw body, served as a harmless copy or as the sealed original."""

from dataclasses import asdict, replace
from functools import partial
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import FileResponse
from sqlalchemy.orm import Session

from api.evidence.headers import SERVE_HEADERS
from api.evidence.kinds import KINDS
from api.evidence.refusals import FileTooLarge
from api.idempotency import Key, once
from api.identity import Call, SignedIn
from api.queries import evidence
from api.queries.cases import visible_case
from api.shapes.cases import Evidence
from api.upload import Chunks, declared, verified
from api.words import HEX_ID, HEX_SHA256, CaseId
from models import Evidence as Piece
from models.database import read_session
from workflow.notes import attach, may_attach
from workflow.refusals import Refusal

router = APIRouter(tags=["佐证材料 evidence"])
EvidenceId = Annotated[str, Path(pattern=HEX_ID)]
Phase = Annotated[Literal["before", "after"], Query(description="整改前、整改后")]
FileName = Annotated[str, Query(min_length=1, max_length=255, description="文件名，只作显示")]
BINARY = {"schema": {"type": "string", "format": "binary"}}
TAKEN = {kind.media_type: BINARY for kind in KINDS}


class NoCopy(Refusal):
    """这份材料没有预览图，请下载原件。"""

    status = 404


@router.get("/cases/{case_id}/evidence", summary="佐证材料一览")
def list_evidence(case_id: CaseId, call: SignedIn) -> list[Evidence]:
    """What evidence a case has, in order of arrival; at most a few dozen."""
    with read_session(call.engine) as session:
        visible_case(session, case_id, call.actor)
        return evidence.of_case(session, case_id)


@router.post(
    "/cases/{case_id}/evidence",
    status_code=201,
    response_model=Evidence,
    summary="上传佐证材料",
    openapi_extra={"requestBody": {"required": True, "content": TAKEN}},
)
async def upload(
    request: Request,
    case_id: CaseId,
    call: SignedIn,
    phase: Phase,
    name: FileName,
    sha256: Annotated[str | None, Query(pattern=HEX_SHA256, description="文件的 SHA-256，不符则拒收")] = None,
    content_digest: Annotated[str | None, Header(max_length=200, description="RFC 9530，如 sha-256=:…:")] = None,
    key: Key = None,
) -> Response:
    """Stream one file in as the raw body; its content tells its type, and the same bytes again are no new piece."""
    receive = partial(
        _receive, request, Chunks(request), call, case_id=case_id, phase=phase, name=name, key=key,
        digest=declared(sha256, content_digest),
    )  # fmt: skip
    return await to_thread.run_sync(receive, limiter=request.app.state.uploads)


@router.get(
    "/cases/{case_id}/evidence/{evidence_id}",
    response_class=FileResponse,
    responses={200: {"content": {"image/jpeg": BINARY}}},
    summary="预览图",
)
def copy(case_id: CaseId, evidence_id: EvidenceId, call: SignedIn) -> FileResponse:
    """The re-encoded copy of a picture, without anything the camera wrote into it."""
    row = _mine(call, case_id, evidence_id)
    path = call.house.store.copy(row.sha256)
    if path is None:
        raise NoCopy()
    return FileResponse(path, headers=SERVE_HEADERS(row.media_type, row.name, original=False))


@router.get(
    "/cases/{case_id}/evidence/{evidence_id}/original",
    response_class=FileResponse,
    responses={200: {"content": TAKEN}},
    summary="下载原件",
)
def original(case_id: CaseId, evidence_id: EvidenceId, call: SignedIn) -> FileResponse:
    """The sealed original, byte for byte as it came, to be saved and not opened in place."""
    row = _mine(call, case_id, evidence_id)
    path = call.house.store.original(row.sha256)
    return FileResponse(path, headers=SERVE_HEADERS(row.media_type, row.name, original=True))


def _receive(
    request: Request,
    chunks: Chunks,
    call: Call,
    *,
    case_id: str,
    phase: str,
    name: str,
    key: str | None,
    digest: str | None,
) -> Response:
    store = call.house.store
    with read_session(call.engine) as session:
        may_attach(visible_case(session, case_id, call.actor), call.actor)
    if int(request.headers.get("content-length", "0")) > store.limit_bytes:
        raise FileTooLarge(field="file", right=f"不超过 {store.limit_bytes >> 20} 兆字节")
    file = store.receive(verified(chunks, digest), name=name)
    # Received is when the last byte was in, not when the first was announced.
    arrived = replace(call, now=request.app.state.clock())
    rules = arrived.rules

    def attached(session: Session) -> Evidence:
        made = attach(session, rules, case_id, phase=phase, file=asdict(file), actor=call.actor, now=arrived.now)
        return evidence.shown(session, [evidence.one(session, case_id, made)])[0]

    return once(arrived, request, key, file.sha256.encode()).answer(attached, status=201)


def _mine(call: Call, case_id: str, evidence_id: str) -> Piece:
    with read_session(call.engine) as session:
        visible_case(session, case_id, call.actor)
        return evidence.one(session, case_id, evidence_id)
