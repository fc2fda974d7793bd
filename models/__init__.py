"""Tables and row locks; imports SQLAlchemy and nothing of ours."""

from models.base import Base, metadata
from models.case import Case, Event, Evidence, Extension, Hazard, NumberCounter, Submission, Visit, case_numbers
from models.deadline import Act, Deadline, Rung
from models.exposure import Round, RoundItem
from models.ids import new_id
from models.incident import Finding, Incident, IncidentReport
from models.listing import Listing
from models.measure import Measure, Penalty
from models.message import Channel, Message
from models.organisation import Organisation
from models.person import Credential, DirectoryVersion, Grant, Person
from models.records import (
    Anchor,
    AnsweredRequest,
    Heartbeat,
    HolidayNotice,
    Import,
    Link,
    Tally,
    TallyDelta,
)
from models.roster import Shift, Swap

__all__ = [
    "Act",
    "Anchor",
    "AnsweredRequest",
    "Base",
    "Case",
    "Channel",
    "Credential",
    "Deadline",
    "DirectoryVersion",
    "Event",
    "Evidence",
    "Extension",
    "Finding",
    "Grant",
    "Hazard",
    "Heartbeat",
    "HolidayNotice",
    "Import",
    "Incident",
    "IncidentReport",
    "Link",
    "Listing",
    "Measure",
    "Message",
    "NumberCounter",
    "Organisation",
    "Penalty",
    "Person",
    "Round",
    "RoundItem",
    "Rung",
    "Shift",
    "Submission",
    "Swap",
    "Tally",
    "TallyDelta",
    "Visit",
    "case_numbers",
    "metadata",
    "new_id",
]
