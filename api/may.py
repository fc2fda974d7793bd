"""Who may do what beyond the moves of a case (权限表): one row an errand; the moves have their own table."""

from collections.abc import Mapping

from models import Organisation
from workflow.actor import Actor
from workflow.refusals import NotYourRole
from workflow.roles import LABELS, Role
from workflow.visible import SEEING

ADMIN = frozenset({Role.ADMINISTRATOR})
OFFICERS = frozenset(SEEING)

# fmt: off
MAY: Mapping[str, frozenset[Role]] = {
    # errand                   who may
    "organisations.change":    ADMIN,
    "enterprises.add":         ADMIN | {Role.INSPECTOR, Role.DISPATCHER, Role.SUPERVISOR},
    "enterprises.change":      ADMIN | {Role.INSPECTOR, Role.DISPATCHER, Role.SUPERVISOR},
    "enterprises.merge":       ADMIN,
    "people.administer":       ADMIN,
    "people.find_officers":    OFFICERS,
    "channels.administer":     ADMIN,
    "outbox.see":              ADMIN | {Role.SUPERVISOR},
    "outbox.send_again":       ADMIN | {Role.SUPERVISOR},
    "holidays.enter":          ADMIN,
    "metrics.read":            ADMIN,
    "imports.preview":         ADMIN | {Role.INSPECTOR, Role.DISPATCHER, Role.SUPERVISOR},
    "imports.take_in":         ADMIN | {Role.DISPATCHER, Role.SUPERVISOR},
}
# fmt: on


def may(actor: Actor, errand: str) -> bool:
    """Whether the actor holds, anywhere, a role of that row."""
    return any(held.role in MAY[errand] for held in actor.held)


def must(actor: Actor, errand: str) -> None:
    """Refuse with `NotYourRole` whoever may not, anywhere."""
    if not may(actor, errand):
        raise NotYourRole(right=_labels(errand))


def must_there(actor: Actor, errand: str, place: Organisation) -> None:
    """Refuse with `NotYourRole` whose role for this errand is held elsewhere; an administrator's is for all."""
    levels = (place.id, place.village_id, place.town_id, place.district_id)
    if not any(held.role in MAY[errand] and (held.role in ADMIN or held.org_id in levels) for held in actor.held):
        raise NotYourRole(right=f"管辖该处的{_labels(errand)}")


def _labels(errand: str) -> str:
    return "、".join(LABELS[role] for role in Role if role in MAY[errand])
