"""Tables and row locks; imports SQLAlchemy and nothing of ours."""

from models.base import Base, metadata
from models.case import Case, Event, Evidence, Extension, Hazard, NumberCounter, Submission, Visit, case_numbers
from models.deadline import Act, Deadline, Rung
from models.ids import new_id
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
    "Grant",
    "Hazard",
    "Heartbeat",
    "HolidayNotice",
    "Import",
    "Link",
    "Message",
    "NumberCounter",
    "Organisation",
    "Person",
    "Rung",
    "Submission",
    "Tally",
    "TallyDelta",
    "Visit",
    "case_numbers",
    "metadata",
    "new_id",
]
