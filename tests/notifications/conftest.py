"""An outbox, and a platform at the other end."""

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine

from notifications import outbound
from tests.conftest import Clock
from tests.notifications.fakeim import Platform, serving
from tests.notifications.outbox import Outbox, outbox_on


@pytest.fixture
def platform(clock: Clock) -> Iterator[Platform]:
    """A robot and a webhook on loopback, told the time by the test's clock."""
    with serving(Platform(now=lambda: clock.now)) as served:
        yield served


@pytest.fixture
def client(platform: Platform) -> Iterator[httpx.Client]:
    """The process's client, allowed to reach the platform and nothing else."""
    with outbound.client([platform.origin], total=5) as opened:
        yield opened


@pytest.fixture
def outbox(database: Engine, clock: Clock, platform: Platform, client: httpx.Client) -> Outbox:
    """An empty outbox of one bureau."""
    return outbox_on(database, clock, platform, client)
