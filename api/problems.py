"""Problem details (问题说明, RFC 9457): every refusal leaves by this door, with a stable type and a Chinese title."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.instants import local
from workflow.refusals import Refusal

MEDIA_TYPE = "application/problem+json"
HOUSES = ("models", "workflow", "notifications", "ledger", "api")
# What a client must know besides the body.
HEADERS: Mapping[int, Mapping[str, str]] = {
    401: {"WWW-Authenticate": 'Bearer realm="hazardloop"'},
    503: {"Retry-After": "2"},
}


class Problem(BaseModel):
    """为什么没有办成。"""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="问题类型，固定不变；/problems 列出全部")
    title: str = Field(description="给使用者看的中文说明")
    status: int = Field(description="HTTP 状态码")
    field: str | None = Field(None, description="有问题的字段")
    right: str | None = Field(None, description="怎样才是对的")


class NotSignedIn(Refusal):
    """请先登录，或者出示有效的令牌。"""

    status = 401


class CrossSite(Refusal):
    """这个请求来自别的网站，没有受理。"""

    status = 403


class InvalidRequest(Refusal):
    """提交的内容不符合要求。"""


class UnreadableRequest(Refusal):
    """提交的内容无法读取。"""

    status = 400


class UnknownAddress(Refusal):
    """没有这个地址。"""

    status = 404


class MethodNotAllowed(Refusal):
    """这个地址不支持这种请求方法。"""

    status = 405


class Conflict(Refusal):
    """与已有的内容冲突，没有改动。"""

    status = 409


class BodyTooLarge(Refusal):
    """提交的内容太大。"""

    status = 413


class UnsupportedContent(Refusal):
    """提交内容的类型不对。"""

    status = 415


class Unavailable(Refusal):
    """数据库暂时繁忙或不可用，没有改动，请稍后再试。"""

    status = 503


class Unexpected(Refusal):
    """系统出错，没有改动。请把编号告诉管理员。"""

    status = 500


def type_of(kind: type[Refusal]) -> str:
    """The stable address of a refusal's type, such as /problems/stale-version."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower()
    # A ledger's file and a photo are refused for like reasons in other words.
    return "/problems/" + ("ledger-" if kind.__module__.startswith("ledger.") else "") + name


def kinds() -> Iterator[type[Refusal]]:
    """Every kind of refusal that the loaded rooms know."""
    waiting: list[type[Refusal]] = [Refusal]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind is not Refusal and kind.__module__.split(".")[0] in HOUSES:
            yield kind


def body_of(refusal: Refusal) -> dict[str, Any]:
    """The members of the problem; facts the refusal gives are members of their own."""
    body = {
        "type": type_of(type(refusal)),
        "title": refusal.message,
        "status": refusal.status,
        "field": refusal.field,
        "right": refusal.right,
    }
    facts = {name: value for name, value in refusal.facts.items() if name not in body}
    return {name: value for name, value in (body | facts).items() if value is not None}


def plain(refusal: Refusal) -> dict[str, Any]:
    """The same as JSON has it: instants and days as texts."""
    members: dict[str, Any] = json.loads(json.dumps(body_of(refusal), default=_plain))
    return members


def answer(refusal: Refusal) -> Response:
    """The response for a refusal."""
    text = json.dumps(body_of(refusal), ensure_ascii=False, default=_plain)
    return Response(text, refusal.status, HEADERS.get(refusal.status), MEDIA_TYPE)


async def refused(_request: Request, refusal: Exception) -> Response:
    """The exception handler of every `Refusal`."""
    assert isinstance(refusal, Refusal)
    return answer(refusal)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return local(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, set | frozenset | tuple) else str(value)
