"""Listings (挂牌督办) for the table of who may reach which address: fresh for every request, in every state."""

from collections.abc import Callable
from typing import Any, Protocol

from tests.desk import PLAN, Desk
from tests.listingdesk import Listings


class Stage(Protocol):
    """Whatever has a server with a desk."""

    @property
    def server(self) -> Any: ...


def listing_at(state: str, *, level: str = "district", **json: Any) -> Callable[[Stage], dict[str, Any]]:
    """A listing that has come so far, and what a move of it brings."""
    return lambda stage: {"case_id": Listings(stage.server.desk).to(state, level=level), "json": json}


def proposal(stage: Stage) -> dict[str, Any]:
    """What somebody proposes of a hazard that is not listed yet."""
    desk: Desk = stage.server.desk
    said = {"hazards": [desk.to("assigned")], "level": "district", "lister_org_id": desk.cast.district}
    return {"json": said | {"basis": "久拖不改"}}


def noticed(stage: Stage) -> dict[str, Any]:
    """A proposal, and the notice that lists it."""
    listings = Listings(stage.server.desk)
    return {"case_id": listings.propose(), "json": listings.notice()}


def handed_up(stage: Stage) -> dict[str, Any]:
    """A listing of the district, and the city that is to take it over."""
    listings = Listings(stage.server.desk)
    said = {"level": "city", "lister_org_id": listings.city, "reason": "区级无力协调"}
    return {"case_id": listings.to("assigned"), "json": said}


def with_another(stage: Stage) -> dict[str, Any]:
    """A listing, and a hazard that it does not cover yet."""
    desk: Desk = stage.server.desk
    return {"case_id": Listings(desk).to("assigned"), "json": {"hazard_id": desk.to("assigned")}}


def with_two(stage: Stage) -> dict[str, Any]:
    """A listing over two hazards, one of which is to be taken out."""
    desk: Desk = stage.server.desk
    first, second = desk.to("assigned"), desk.to("assigned")
    case_id = Listings(desk).to("assigned", first, second)
    return {"case_id": case_id, "json": {"hazard_id": first, "reason": "另案处理"}}


def stepped(stage: Stage) -> dict[str, Any]:
    """A listing of the city that the department has accepted."""
    desk: Desk = stage.server.desk
    case_id = Listings(desk).to("submitted", level="city")
    desk.fire(case_id, "accept_by_department", desk.cast.fire_inspector)
    return {"case_id": case_id, "json": {}}


PLANNED = listing_at("assigned", **PLAN)
