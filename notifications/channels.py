"""The channels (渠道) there are. One more platform is one more file and one more row here."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from models import Channel, new_id
from notifications.adapter import Adapter
from notifications.dingtalk import DINGTALK
from notifications.faults import UnknownKind
from notifications.sealing import seal
from notifications.settings import Settings, hint
from notifications.webhook import WEBHOOK

ADAPTERS: Mapping[str, Adapter] = {
    "dingtalk": DINGTALK,
    "webhook": WEBHOOK,
}
# Where the platforms themselves live; other targets are allowed by name (`outbound.client`).
PLATFORMS = ("https://oapi.dingtalk.com",)


def adapter(kind: str) -> Adapter:
    """Return the adapter of a kind; UnknownKind when there is none."""
    if kind not in ADAPTERS:
        raise UnknownKind(field="kind", right="、".join(ADAPTERS))
    return ADAPTERS[kind]


def new_channel(
    *, kind: str, name: str, org_id: str, settings: Settings, keys: Sequence[bytes], now: datetime
) -> Channel:
    """Return a row to add, its settings checked and sealed; UnknownKind, BadAddress or BadSecret otherwise."""
    platform = adapter(kind)
    platform.check(settings)
    id = new_id(now)
    return Channel(
        id=id,
        kind=kind,
        name=name,
        org_id=org_id,
        settings=seal(settings, channel_id=id, keys=keys),
        hint=hint(settings),
        created_at=now,
        tokens=float(platform.limit.burst) if platform.limit else 0.0,
        refilled_at=now,
    )
