"""Metrics (指标) for Prometheus: totals of the whole house, for its administrator only."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from api.identity import SignedIn
from api.may import must
from api.meters import REGISTRY
from api.queries.gauges import HouseCollector

router = APIRouter(tags=["运行 operations"])


@router.get("/metrics", summary="运行指标", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(call: SignedIn) -> Response:
    """Prometheus text: cases, deadlines, outbox and loops from the database, requests and lateness of this process."""
    must(call.actor, "metrics.read")
    registry = CollectorRegistry()
    registry.register(HouseCollector(call.house, call.now))
    content = generate_latest(registry) + generate_latest(REGISTRY)
    return Response(content, media_type=CONTENT_TYPE_LATEST)
