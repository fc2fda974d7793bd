"""What goes wrong outside our own refusals (校验、协议、数据库、意外), said as a problem all the same."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy import exc
from starlette.exceptions import HTTPException

from api import instants, problems, protection, words
from models.writing import LostRace
from workflow import fields
from workflow.refusals import Refusal

log = structlog.get_logger()

# What would be right, by the kind of fault Pydantic names.
RIGHT: Mapping[str, str] = {
    "missing": "必填",
    "extra_forbidden": "没有这个字段，请去掉",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "不超过 {max_length} 个字",
    "string_type": "文字",
    "string_unicode": "合法的文字",
    "json_invalid": "合法的 JSON",
    "model_attributes_type": "JSON 对象",
    "model_type": "JSON 对象",
    "list_type": "列表",
    "too_short": "至少 {min_length} 项",
    "too_long": "不超过 {max_length} 项",
    "int_parsing": "整数",
    "int_type": "整数",
    "int_from_float": "整数",
    "float_parsing": "数字",
    "float_type": "数字",
    "finite_number": "有限的数字",
    "decimal_parsing": "数字",
    "decimal_max_places": "不超过 {decimal_places} 位小数",
    "bool_parsing": "true 或 false",
    "bool_type": "true 或 false",
    "greater_than_equal": "不小于 {ge}",
    "greater_than": "大于 {gt}",
    "less_than_equal": "不大于 {le}",
    "less_than": "小于 {lt}",
    "literal_error": "{expected} 之一",
    "enum": "{expected} 之一",
    "blank": "不能为空",
    "timezone_aware": instants.RIGHT,
    "datetime_parsing": instants.RIGHT,
    "datetime_from_date_parsing": instants.RIGHT,
    "not_written": "一个日期，如 2026-03-31",
    "date_parsing": "一个日期，如 2026-03-31",
    "date_from_datetime_parsing": "一个日期，如 2026-03-31",
    "date_from_datetime_inexact": "一个日期，如 2026-03-31",
    "out_of_reach": "1980 年至 2199 年之间的时间",
}
OTHERWISE = "符合接口说明的值"
# A pattern is no answer to an officer.
PATTERNS: Mapping[str, str] = {
    words.HEX_ID: "32 位小写十六进制编号",
    words.HEX_SHA256: "SHA-256，64 位小写十六进制",
    words.TIME_OF_DAY: "一天中的时刻，如 08:30",
    words.VERSION_TAG: '页面所见版本，如 "3"（含引号）',
    words.VISIBLE_ASCII: "1 至 128 个可见的英文字母、数字、符号",
}
# A field of a move says itself what is right; but which levels there are, each workflow says.
MOVE_RIGHT = {f.name: f.right for f in vars(fields).values() if isinstance(f, fields.Field) and f.kind != "level"}
HTTP: Mapping[int, Callable[[], Refusal]] = {
    400: lambda: problems.UnreadableRequest(right="合法的 JSON"),
    404: problems.UnknownAddress,
    405: problems.MethodNotAllowed,
    413: problems.BodyTooLarge,
    415: problems.UnsupportedContent,
}


def install(app: FastAPI) -> None:
    """Register every handler, so that no client ever sees anything but a problem.

    None waits for anything, and as plain functions they would: for a thread, behind all the requests not yet begun.
    """
    app.add_exception_handler(Refusal, problems.refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http_fault)
    app.add_exception_handler(LostRace, database_fault)
    app.add_exception_handler(exc.SQLAlchemyError, database_fault)
    app.add_exception_handler(Exception, unexpected)


async def invalid(request: Request, error: Exception) -> Response:
    """Every field that is wrong, each with what would be right; 415 when a body came as something but JSON."""
    assert isinstance(error, RequestValidationError)
    found = [{"field": _field(e["loc"]), "in": str(e["loc"][0]), "right": _right(e)} for e in error.errors()]
    if _body_of_another_type(request, error):
        return problems.answer(problems.UnsupportedContent(field="Content-Type", right="application/json"))
    first = found[0]
    return problems.answer(problems.InvalidRequest(field=first["field"], right=first["right"], errors=found))


async def http_fault(_request: Request, error: Exception) -> Response:
    """What the framework itself refuses."""
    assert isinstance(error, HTTPException)
    response = problems.answer(HTTP.get(error.status_code, problems.UnreadableRequest)())
    response.headers.update(error.headers or {})
    return response


async def database_fault(request: Request, error: Exception) -> Response:
    """A database that is locked, full or away is no fault of the request (503); a broken constraint is (409)."""
    if isinstance(error, exc.IntegrityError):
        log.warning("conflict", path=request.url.path, error=str(error.orig))
        return problems.answer(problems.Conflict())
    if not isinstance(error, PASSING):
        return await unexpected(request, error)
    log.error("database", path=request.url.path, error=str(error))
    return problems.answer(problems.Unavailable())


# Pool exhausted, connection lost, lock or statement timed out, disk full, somebody was faster.
PASSING = (exc.TimeoutError, exc.OperationalError, exc.InterfaceError, LostRace)


async def unexpected(request: Request, error: Exception) -> Response:
    """Our own fault: the log has all of it under a number, the client has the number."""
    number = uuid4().hex
    log.error("unexpected", number=number, method=request.method, path=request.url.path, exc_info=error)
    response = problems.answer(problems.Unexpected(number=number))
    # This handler stands outside every middleware.
    response.headers.update(protection.HEADERS)
    return response


def _field(loc: Sequence[Any]) -> str:
    if len(loc) == 2 and isinstance(loc[1], int):  # where the JSON breaks off
        return str(loc[0])
    return ".".join(str(part) for part in loc[1:]) or str(loc[0])


def _right(error: Mapping[str, Any]) -> str:
    kind, name = error["type"], error["loc"][-1]
    if error["loc"][0] == "body" and kind != "extra_forbidden" and name in MOVE_RIGHT:
        return MOVE_RIGHT[name]
    context = {at: _spoken(value) for at, value in (error.get("ctx") or {}).items()}
    said = RIGHT.get(kind) or PATTERNS.get(context.get("pattern", ""), OTHERWISE)
    return said.format_map(context)


def _spoken(value: object) -> str:
    # Pydantic lists what it expected as 'a', 'b' or 'c'.
    return str(value).replace(" or ", "、").replace(", ", "、").replace("'", "")


def _body_of_another_type(request: Request, error: RequestValidationError) -> bool:
    came = request.headers.get("content-type", "").split(";")[0].strip().lower()
    whole = any(tuple(e["loc"]) == ("body",) and e["type"] != "missing" for e in error.errors())
    return whole and came != "application/json" and not came.endswith("+json")
