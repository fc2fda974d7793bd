"""Which addresses are never a target (禁止外发的地址), whatever name leads to them."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpcore

from notifications.faults import NotAllowed

Address = IPv4Address | IPv6Address
NAT64 = ip_network("64:ff9b::/96")
# Where clouds keep the credentials of a machine, outside the ranges `ipaddress` knows as link-local.
METADATA = frozenset(map(ip_address, ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")))


def resolve(host: str, port: int) -> list[Address]:
    """Return every address of `host`; NotAllowed if any is refused, httpcore.ConnectError if there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore.ConnectError("name not found") from error
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if any(refused(address, named=host) for address in addresses):
        raise NotAllowed(field="url")
    return addresses


def refused(address: Address, *, named: str) -> bool:
    """Say whether an address is refused: loopback (but where `named` itself), link-local, multicast, metadata."""
    real = _unwrapped(address)
    if real.is_loopback:
        return named not in {str(address), "localhost"}
    return real.is_link_local or real.is_multicast or real.is_unspecified or real.is_reserved or real in METADATA


def _unwrapped(address: Address) -> Address:
    # `ipaddress` calls the NAT64 and 6to4 forms of 127.0.0.1 global.
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
