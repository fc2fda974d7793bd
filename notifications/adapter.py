"""What a platform must bring to stand among the channels: a request out of a message, a result out of an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from notifications.settings import Settings

# accepted   the platform has it
# retry      this message failed, another may pass
# down       the platform cannot be used now; nothing would pass
# throttled  the platform told us to be quiet for `pause`; no attempt is counted
# dead       this message will never pass
# gone       this channel will never pass anything again
Kind = Literal["accepted", "retry", "down", "throttled", "dead", "gone"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one attempt, with a Chinese `reason`; `pause` is the wait the platform asked for."""

    kind: Kind
    reason: str = ""
    pause: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as an adapter sees it; `id` is the key that stays the same on every attempt."""

    id: str
    case_id: str | None
    number: int
    template: str
    priority: int
    created_at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """One POST."""

    url: str
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return "Request(…)"  # the address is a credential


@dataclass(frozen=True, slots=True)
class Response:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Limit:
    """A token bucket: at most `burst` + `per_minute` in any minute; the last `reserved` are for priority 0."""

    burst: int
    per_minute: int
    reserved: int


class Adapter(Protocol):
    """One platform; a frozen object without state of its own."""

    @property
    def limit(self) -> Limit | None:
        """How fast one channel may be used."""

    def check(self, settings: Settings) -> None:
        """Raise the fault that makes `settings` unusable here."""

    def request(self, settings: Settings, message: Outgoing, *, now: datetime) -> Request:
        """Build the POST that carries `message`."""

    def classify(self, response: Response, *, now: datetime) -> Result:
        """Say what an answer means; what is not known to be success is none."""


def link(settings: Settings, message: Outgoing) -> str | None:
    """The API's resource of the message's case (there is no page of it), if it has one and our address is known."""
    workflow = message.payload.get("workflow")
    return f"{settings.base_url}/api/v1/{workflow}s/{message.case_id}" if settings.base_url and workflow else None
