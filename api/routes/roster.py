"""The duty roster (值班表): shown with its gaps in red, planned by those in charge, and who has the watch now."""

from datetime import time
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field, StringConstraints
from sqlalchemy.orm import Session

from api.asked import Asked
from api.idempotency import Once, Repeatable
from api.identity import Call, SignedIn
from api.instants import Told
from api.planning import put_on_roster
from api.queries import roster as read
from api.shapes.roster import DutyOut, RosterOut
from api.words import HEX_ID, TIME_OF_DAY, Day, Id
from models.database import read_session
from workflow.rotation import Pair, rotate
from workflow.watches import Watch

router = APIRouter(tags=["值班 duty"])
OrgId = Annotated[str, Query(pattern=HEX_ID, description="机构")]
MOST_WATCHES = 400
MOST_PAIRS = 60
TimeOfDay = Annotated[str, StringConstraints(pattern=TIME_OF_DAY)]


class PostPair(Asked):
    """一组当班的人。"""

    officer_id: Id = Field(title="值班员")
    leader_id: Id = Field(title="带班领导")


class NewWatch(PostPair):
    """一个班次。"""

    starts_at: Told
    ends_at: Told


class Planned(Asked):
    """编排的班次：全部保存，或者全部不保存。"""

    org_id: Id
    watches: list[NewWatch] = Field(min_length=1, max_length=MOST_WATCHES)


class Rotation(Asked):
    """轮班：每天一班，24 小时；放假日可以另排人员，调休上班日按平日。"""

    org_id: Id
    first: Day = Field(title="第一天")
    last: Day = Field(title="最后一天")
    pairs: list[PostPair] = Field(min_length=1, max_length=MOST_PAIRS)
    pairs_off: list[PostPair] = Field(default=[], max_length=MOST_PAIRS, title="放假日的人员；不填则同平日一起轮")
    begins_at: TimeOfDay = Field("08:30", title="换班时刻（北京时间）", examples=["08:30"])


@router.get("/roster", summary="值班表")
def show(
    call: SignedIn,
    org_id: OrgId,
    first: Annotated[Day | None, Query(alias="from", description="从哪天起，缺省为今天")] = None,
    last: Annotated[Day | None, Query(alias="to", description="到哪天止，最多 62 天")] = None,
) -> RosterOut:
    """Watches that touch those days, gaps and hand-overs not taken over in red, holidays by the calendar."""
    begins, ends = read.span(first, last, call.now)
    calendar = call.rules.calendar
    with read_session(call.engine) as session:
        org = read.readable(session, call.actor, org_id)
        return read.roster(session, org, begins, ends, calendar=calendar, now=call.now)


@router.get("/duty", summary="谁在值班")
def who(
    call: SignedIn, org_id: OrgId, at: Annotated[Told | None, Query(description="哪一刻，缺省为现在")] = None
) -> DutyOut:
    """Who has an organisation's watch at an instant, and how to reach them."""
    with read_session(call.engine) as session:
        org = read.readable(session, call.actor, org_id)
        return read.duty(session, org, at or call.now, now=call.now)


@router.post("/roster", status_code=201, response_model=RosterOut, summary="排班")
def enter(body: Planned, call: SignedIn, once: Repeatable) -> Response:
    """Put watches on the roster, all or none; answers with the roster from now to their end."""
    watches = [Watch(new.starts_at, new.ends_at, new.officer_id, new.leader_id) for new in body.watches]
    return _entered(call, once, body.org_id, watches)


@router.post("/roster/rotation", status_code=201, response_model=RosterOut, summary="轮班")
def enter_rotation(body: Rotation, call: SignedIn, once: Repeatable) -> Response:
    """Put a watch on the roster for each day, people taking turns; answers with the roster from now to its end."""
    turns = rotate(
        body.first,
        body.last,
        _pairs(body.pairs),
        calendar=call.rules.calendar,
        pairs_off=_pairs(body.pairs_off),
        begins_at=time.fromisoformat(body.begins_at),
    )
    return _entered(call, once, body.org_id, [turn.watch for turn in turns])


def _entered(call: Call, once: Once, org_id: str, watches: list[Watch]) -> Response:
    calendar = call.rules.calendar

    def act(session: Session) -> RosterOut:
        org = read.plannable(session, call.actor, org_id)
        return put_on_roster(session, org.id, watches, calendar=calendar, actor=call.actor, now=call.now)

    return once.answer(act, status=201)


def _pairs(several: list[PostPair]) -> list[Pair]:
    return [Pair(one.officer_id, one.leader_id) for one in several]
