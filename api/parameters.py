"""Query parameters (查询参数): one that an address does not know is refused, for a misspelt filter lists everything."""

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.problems import InvalidRequest

NONE = "这个地址没有查询参数，请去掉"


async def known_only(request: Request) -> None:
    """Refuse the request if its address has a parameter that its route does not name; `InvalidRequest` says which."""
    if not request.scope["query_string"]:
        return
    route: APIRoute = request.scope["route"]
    known = list(_named(route.dependant))
    right = f"没有这个查询参数，请去掉；可用：{'、'.join(known)}" if known else NONE
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    if unknown:
        errors = [{"field": name, "in": "query", "right": right} for name in unknown]
        raise InvalidRequest(field=unknown[0], right=right, errors=errors)


def _named(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _named(inner)
