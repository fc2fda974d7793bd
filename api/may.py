"""Who may do what beyond the moves of a case (权限表): one row an errand; the moves have their own table."""

from collections.abc import Collection, Mapping

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
    "penalties.record":        frozenset({Role.INSPECTOR, Role.SUPERVISOR}),
    "people.administer":       ADMIN,
    "people.find_officers":    OFFICERS,
    "channels.administer":     ADMIN,
    "outbox.see":              ADMIN | {Role.SUPERVISOR},
    "outbox.send_again":       ADMIN | {Role.SUPERVISOR},
    "holidays.enter":          ADMIN,
    "metrics.read":            ADMIN,
    "roster.see":              ADMIN | OFFICERS,
    "roster.plan":             ADMIN | {Role.SUPERVISOR, Role.LEADER, Role.DUTY_OFFICER},
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
    must_at(actor, errand, (place.id, place.village_id, place.town_id, place.district_id))


def may_at(actor: Actor, errand: str, nodes: Collection[str | None]) -> bool:
    """Whether the actor holds a role of that row for one of the nodes; an administrator's is for all."""
    return any(held.role in MAY[errand] and (held.role in ADMIN or held.org_id in nodes) for held in actor.held)


def must_at(actor: Actor, errand: str, nodes: Collection[str | None]) -> None:
    """Refuse with `NotYourRole` whoever may not there."""
    if not may_at(actor, errand, nodes):
        raise NotYourRole(right=f"管辖该处的{_labels(errand)}")


def _labels(errand: str) -> str:
    return "、".join(LABELS[role] for role in Role if role in MAY[errand])
