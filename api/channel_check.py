"""Whether a channel (渠道) could be reached now, without sending anything."""

import socket

import httpcore
import httpx

from api.house import House
from api.worker import opened, targets
from models import Channel
from notifications.addresses import resolve
from notifications.channels import adapter
from notifications.faults import Fault
from notifications.outbound import CONNECT_SECONDS, PORTS, must_be_listed


def reach(house: House, channel: Channel) -> str | None:
    """What stands in the way: settings that can't be used, a target that is not allowed or does not answer; or none."""
    try:
        settings = opened(house, channel.id, channel.settings)
        adapter(channel.kind).check(settings)
        must_be_listed(settings.url, targets(house))
        url = httpx.URL(settings.url)
        port = url.port or PORTS[url.scheme]
        address = resolve(url.host, port)[0]
        with socket.create_connection((str(address), port), timeout=CONNECT_SECONDS):
            return None
    except Fault as fault:
        return str(fault)
    except (OSError, httpcore.NetworkError):
        return "连不上"
