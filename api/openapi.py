"""The API's own description (接口说明): summaries in Chinese, descriptions in English, every refusal a problem."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from api.problems import MEDIA_TYPE, Problem

TITLE = "隐患闭环 hazardloop"
DESCRIPTION = """
每一件隐患从发现到销号，时限不漏。时刻一律为带 +08:00 的 RFC 3339 文本；错误一律为 RFC 9457 问题说明，标题为中文。

Carries every hidden hazard from discovery to closure and lets no deadline pass unseen. Instants are RFC 3339 with the
offset +08:00; every error is an RFC 9457 problem with a stable type, listed at /problems. Sign in with
`Authorization: Bearer hl_…`; send `If-Match` with a move to be told (412) when somebody was faster.

Send `Idempotency-Key` with a POST to make repeating it harmless. It has no effect on {unkept}: their
answers hold secrets, which are kept nowhere, and a ledger sent again is known by its rows.
"""
KEY = "Idempotency-Key"
REFERENCE = {"$ref": "#/components/responses/Problem"}


def describe(app: FastAPI) -> None:
    """Make `app.openapi()` say that whatever is no success is a problem."""
    framework = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = _with_problems(framework())
            schema["info"]["description"] = DESCRIPTION.format(unkept=", ".join(_unkept(schema)))
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _unkept(schema: dict[str, Any]) -> Iterator[str]:
    """The paths whose POST takes no key: every other one says that it does."""
    for path, operations in schema["paths"].items():
        named = {parameter["name"] for parameter in operations.get("post", {}).get("parameters", ())}
        if "post" in operations and KEY not in named:
            yield f"`{path}`"


def _with_problems(schema: dict[str, Any]) -> dict[str, Any]:
    for path in schema["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = REFERENCE
    components = schema.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = Problem.model_json_schema()
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    components["responses"] = {"Problem": {"description": "没有办成 / refused", "content": content}}
    return schema
