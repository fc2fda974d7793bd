"""Moves (流转操作): one address for each trigger of the workflow's table, all through `fire`."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Header, Response
from sqlalchemy.orm import Session

from api.bodies import Body, bodies, data_of
from api.idempotency import Repeatable
from api.identity import SignedIn
from api.queries.incidents import lacks_of
from api.queries.whole import moved
from api.shapes.whole import Moved
from api.words import VERSION_TAG, CaseId
from workflow.fire import fire
from workflow.refusals import UnknownTrigger
from workflow.table import M
from workflow.workflows import WORKFLOWS

router = APIRouter(tags=["流转 moves"])
IfMatch = Annotated[
    str | None,
    Header(
        pattern=VERSION_TAG,
        description='页面所见版本，如 "3"（含引号）；不符则拒绝（412）并说明其间发生了什么',
    ),
]


def version_of(if_match: str | None) -> int | None:
    """The version a client saw; none when it did not say or would take any."""
    return None if if_match in (None, "*") else int(str(if_match).strip('"'))


def _endpoint(trigger: str, body_type: type[Body]) -> Callable[..., Response]:
    def endpoint(
        case_id: CaseId, call: SignedIn, once: Repeatable, body: Body | None = None, if_match: IfMatch = None
    ) -> Response:
        rules, version, data = call.rules, version_of(if_match), data_of(body)

        def made(session: Session) -> Moved:
            decision = fire(session, rules, case_id, trigger, actor=call.actor, now=call.now, version=version, **data)
            return moved(decision.after, lacks=lacks_of(session, decision.after))

        return once.answer(made)

    needed = any(field.is_required() for field in body_type.model_fields.values())
    endpoint.__annotations__["body"] = body_type if needed else body_type | None
    if needed:
        # A body is left out only where nothing in it is required.
        endpoint.__defaults__ = (..., None)
    return endpoint


def _rows(trigger: str) -> list[tuple[str, M]]:
    return [(table.label, row) for table in WORKFLOWS.values() for row in table.by_trigger.get(trigger, ())]


def _summary(trigger: str) -> str:
    return " / ".join(dict.fromkeys(row.label for _, row in _rows(trigger)))


def _description(trigger: str) -> str:
    rows = _rows(trigger)
    ways = (f"{name}: from {', '.join(sorted(row.sources))} to {row.to or 'the same state'}" for name, row in rows)
    return f"Fire `{trigger}`. {'; '.join(dict.fromkeys(ways))}."


BODIES = bodies(WORKFLOWS.values())
for _trigger, _body in BODIES.items():
    router.add_api_route(
        f"/cases/{{case_id}}/moves/{_trigger}",
        _endpoint(_trigger, _body),
        methods=["POST"],
        response_model=Moved,
        name=f"move_{_trigger}",
        summary=_summary(_trigger),
        description=_description(_trigger),
    )


@router.post("/cases/{case_id}/moves/{trigger}", include_in_schema=False)
def unknown_move(case_id: CaseId, trigger: str, call: SignedIn) -> Response:
    """Say which triggers there are."""
    raise UnknownTrigger(field="trigger", right="、".join(BODIES))
