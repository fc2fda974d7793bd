"""Metrics (指标) for Prometheus: totals of the whole house, for its administrator and its own machine only."""

from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from api.accounts import actor_for
from api.identity import Now, TheHouse
from api.may import must
from api.meters import REGISTRY
from api.problems import NotSignedIn
from api.queries.gauges import HouseCollector

router = APIRouter(tags=["运行 operations"])
# A proxy on this machine passes on what comes from elsewhere.
PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip")
_bearer = HTTPBearer(auto_error=False, scheme_name="bearer")


@router.get("/metrics", summary="运行指标", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(
    request: Request,
    house: TheHouse,
    now: Now,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> Response:
    """Prometheus text: cases, deadlines, outbox and loops from the database, requests and lateness of this process."""
    if not _is_this_machine(request):
        actor = actor_for(house.engine, bearer.credentials, now) if bearer else None
        if actor is None:
            raise NotSignedIn()
        must(actor, "metrics.read")
    registry = CollectorRegistry()
    registry.register(HouseCollector(house, now))
    content = generate_latest(registry) + generate_latest(REGISTRY)
    return Response(content, media_type=CONTENT_TYPE_LATEST)


def _is_this_machine(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in PASSED_ON):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
