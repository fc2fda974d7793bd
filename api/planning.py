"""Planning (排班) as the API and the command line do it: watches go on the roster, the answer is what it is now."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from api.queries.roster import roster
from api.shapes.roster import RosterOut
from models import Organisation
from workflow.actor import Actor
from workflow.calendar import Calendar
from workflow.roster import plan
from workflow.watches import Watch


def put_on_roster(
    session: Session, org_id: str, watches: Sequence[Watch], *, calendar: Calendar, actor: Actor, now: datetime
) -> RosterOut:
    """Plan the watches, all or none, and return the roster from now to their end: gaps before them are red."""
    planned = plan(session, org_id=org_id, watches=watches, actor=actor, now=now)
    begins, ends = min(now, planned[0].starts_at), planned[-1].ends_at
    return roster(session, session.get_one(Organisation, org_id), begins, ends, calendar=calendar, now=now)
