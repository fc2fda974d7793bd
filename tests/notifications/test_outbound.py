"""The door out: only where it was told to, never for long, never for much."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address

import httpx
import pytest

from notifications import outbound
from notifications.adapter import Request
from notifications.addresses import refused, resolve
from notifications.faults import BadAddress, NotAllowed
from tests.notifications.fakeim import Platform


@contextmanager
def dripping(answer: bytes, *, pause: float = 0.0) -> Iterator[str]:
    """A server that sends the answer, then one byte again and again."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            try:
                connection.sendall(answer)
                while not over.wait(pause):
                    connection.sendall(b"x" * (1 if pause else 8_192))
            except OSError:
                return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        thread.join()
        listener.close()


def post(origin: str, *, allow: str | None = None, total: float = 5) -> bytes:
    with outbound.client([allow or origin], total=total) as client:
        return outbound.send(client, Request(origin + "/", {}, b"{}")).body


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.8.8.8", "169.254.169.254", "100.100.100.200", "168.63.129.16", "224.0.0.1", "0.0.0.0",
     "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "ff02::1", "fd00:ec2::254", "::ffff:127.0.0.1",
     "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"],
)  # fmt: skip
def test_addresses_that_lead_back_inside_are_refused_in_every_disguise(address: str) -> None:
    assert refused(ip_address(address), named="hook.example")


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "192.168.1.5", "59.110.1.1", "2408:4000::1", "100.64.0.1", "64:ff9b::3b6e:101"]
)
def test_a_named_host_may_live_in_the_intranet(address: str) -> None:
    assert not refused(ip_address(address), named="hook.example")


def test_loopback_is_reached_only_by_its_own_name() -> None:
    assert resolve("127.0.0.1", 80) == [ip_address("127.0.0.1")]
    with pytest.raises(NotAllowed):
        resolve("2130706433", 80)  # what the system makes of it is 127.0.0.1
    with pytest.raises(NotAllowed):
        resolve("::ffff:127.0.0.1", 80)


@pytest.mark.parametrize("allow", ["https://127.0.0.1:{port}", "http://127.0.0.1:1", "http://localhost:{port}"])
def test_scheme_host_and_port_must_all_be_the_listed_ones(allow: str, platform: Platform) -> None:
    port = platform.origin.rpartition(":")[2]
    with pytest.raises(NotAllowed):
        post(platform.origin, allow=allow.format(port=port))
    assert platform.asked == []


def test_a_proxy_of_the_environment_is_not_used(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    post(platform.origin)
    assert platform.led_astray == ["/"]


@pytest.mark.parametrize("allow", ["oapi.dingtalk.com", "https://", "https://x/path", "ftp://x", "https://a:b@x"])
def test_a_list_that_is_no_list_of_origins_is_refused(allow: str) -> None:
    with pytest.raises(BadAddress):
        outbound.client([allow])


def test_every_request_is_checked_on_a_connection_of_its_own(platform: Platform) -> None:
    with outbound.client([platform.origin]) as client:
        for _ in range(2):
            outbound.send(client, Request(platform.origin + "/", {}, b"{}"))
    assert len(set(platform.peers)) == 2


def test_an_answer_is_read_to_64_kib_and_no_further() -> None:
    with dripping(b"HTTP/1.1 200 OK\r\n\r\n") as origin, pytest.raises(httpx.ReadError):
        post(origin)


@pytest.mark.parametrize("begun", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: "])
def test_an_answer_that_drips_ends_after_the_time_for_all_of_it(begun: bytes) -> None:
    with dripping(begun, pause=0.05) as origin, pytest.raises(httpx.ReadTimeout):
        post(origin, total=0.4)


def test_an_address_never_reaches_the_log(platform: Platform, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), outbound.client([platform.origin]) as client:
        outbound.send(client, Request(platform.robot.replace("token1234", "canary"), {}, b"{}"))
    assert "canary" not in caplog.text


def test_tls_proves_the_name_though_we_connect_to_an_address(platform: Platform) -> None:
    secure = platform.origin.replace("http:", "https:")
    with pytest.raises(httpx.ConnectError):
        post(secure)
