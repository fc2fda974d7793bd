"""Identity (身份): who sends a request, by bearer secret or session cookie; asked before anything else is read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Engine

from api.accounts import actor_for
from api.house import House
from api.problems import CrossSite, NotSignedIn
from workflow.actor import Actor
from workflow.rules import Rules

COOKIE = "hazardloop"
SECURE_COOKIE = "__Host-hazardloop"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_bearer = HTTPBearer(auto_error=False, scheme_name="bearer", description="会话密钥或 API 令牌（hl_ 开头）")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="cookie", description="登录后的会话 Cookie")


@dataclass(frozen=True, slots=True)
class Call:
    """One request: by whom, at what instant, in which house, with which secret."""

    actor: Actor
    now: datetime
    house: House
    secret: str

    @property
    def engine(self) -> Engine:
        """The database."""
        return self.house.engine

    @property
    def rules(self) -> Rules:
        """The rules in force at this instant."""
        return self.house.rules(self.now)


async def house_of(request: Request) -> House:
    """The house that this application serves."""
    return cast(House, request.app.state.house)


async def instant_of(request: Request) -> datetime:
    """This request's one instant."""
    return cast(Callable[[], datetime], request.app.state.clock)()


TheHouse = Annotated[House, Depends(house_of)]
Now = Annotated[datetime, Depends(instant_of)]


def signed_in(
    request: Request,
    house: TheHouse,
    now: Now,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    cookie: Annotated[str | None, Security(_cookie)],
) -> Call:
    """Who calls; `NotSignedIn` for nobody, `CrossSite` for an unsafe request that another site's page sent."""
    kept = request.cookies.get(SECURE_COOKIE) or cookie
    secret = bearer.credentials if bearer else kept
    if not secret:
        raise NotSignedIn()
    if bearer is None and request.method not in SAFE and not _same_site(request):
        raise CrossSite()
    actor = actor_for(house.engine, secret, now)
    if actor is None:
        raise NotSignedIn()
    return Call(actor, now, house, secret)


SignedIn = Annotated[Call, Depends(signed_in)]


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a page that is public at times: by whom, if that is known, at what instant, in which house."""

    actor: Actor | None
    now: datetime
    house: House


def visiting(
    request: Request,
    house: TheHouse,
    now: Now,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    cookie: Annotated[str | None, Security(_cookie)],
) -> Visit:
    """Who calls, or nobody."""
    try:
        return Visit(signed_in(request, house, now, bearer, cookie).actor, now, house)
    except NotSignedIn:
        return Visit(None, now, house)


Visiting = Annotated[Visit, Depends(visiting)]


def _same_site(request: Request) -> bool:
    # Browsers always say where an unsafe request comes from; what says nothing is no browser page of ours.
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site == "same-origin"
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")
