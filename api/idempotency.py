"""Idempotency-Key (防重复提交): a POST that is sent again is answered again and changes nothing."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Engine, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from api.identity import Call, SignedIn
from api.words import VISIBLE_ASCII
from models import AnsweredRequest
from models.database import write_session
from workflow.refusals import Refusal

REPLAYED = {"Idempotency-Replayed": "true"}
INSERT: Mapping[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=VISIBLE_ASCII,
        description="防重复提交的键：同一键同一内容只办一次，再次提交得到同样的答复；保留 30 日",
    ),
]


class KeyReused(Refusal):
    """这个防重复提交的键已经用于另一个请求。"""


@dataclass(frozen=True, slots=True)
class Once:
    """One POST that takes effect once: by whom, under which key (none: as often as sent), what exactly was asked."""

    engine: Engine
    caller: str
    now: datetime
    key: str | None
    fingerprint: str

    def answer(self, act: Callable[[Session], BaseModel], *, status: int = 200) -> Response:
        """Run `act` in one write transaction that also keeps its answer; a repeat gets that answer instead.

        A refusal keeps nothing, so the same key may be tried again; `KeyReused` where it asked for something else.
        """
        with write_session(self.engine) as session:
            kept = self._begin(session) if self.key else None
            if kept is None:
                body = act(session).model_dump_json()
                if self.key:
                    self._keep(session, status, body)
        if kept is None:
            return Response(body, status, media_type="application/json")
        return Response(kept.body, kept.status or status, REPLAYED, "application/json")

    def _begin(self, session: Session) -> AnsweredRequest | None:
        """Claim the key; on PostgreSQL this waits for another request that is using it right now."""
        row = {"caller": self.caller, "key": self.key, "request_hash": self.fingerprint, "created_at": self.now}
        insert = INSERT[session.get_bind().dialect.name]
        claimed = session.execute(
            insert(AnsweredRequest).values(row).on_conflict_do_nothing().returning(AnsweredRequest.key)
        )
        if claimed.first() is not None:
            return None
        kept = session.scalars(select(AnsweredRequest).where(*self._mine())).one()
        if kept.request_hash != self.fingerprint:
            raise KeyReused(field="Idempotency-Key", right="换一个新的键")
        return kept

    def _keep(self, session: Session, status: int, body: str) -> None:
        session.execute(update(AnsweredRequest).where(*self._mine()).values(status=status, body=body))

    def _mine(self) -> tuple[ColumnElement[bool], ...]:
        return (AnsweredRequest.caller == self.caller, AnsweredRequest.key == self.key)


def once(call: Call, request: Request, key: str | None, content: bytes) -> Once:
    """The request as something that happens once; `content` is its body, or a digest of it."""
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return Once(call.engine, call.actor.id, call.now, key, hashlib.sha256(asked + content).hexdigest())


async def repeatable(request: Request, call: SignedIn, key: Key = None) -> Once:
    """The dependency of every POST with a JSON body."""
    return once(call, request, key, await request.body())


Repeatable = Annotated[Once, Depends(repeatable)]
