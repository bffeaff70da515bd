"""Why: a name on the list can be pointed anywhere by whoever holds its DNS, so the address is looked at too.

The address that was looked at is the one that is connected to, so that a second answer cannot differ.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence

from governance.egress.destinations import Destination
from governance.errors import DestinationRefused

Resolve = Callable[[str, int], Sequence[str]]
"""(host, port) → its addresses, best first. Raises OSError."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

METADATA = frozenset(
    ipaddress.ip_address(address)
    for address in ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16")
)
"""Addresses at which clouds hand out credentials (AWS, Google and Azure; AWS IPv6; Alibaba; Azure's host)."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")


def resolve(host: str, port: int) -> list[str]:
    """Addresses of a host by the system's resolver, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def checked(destination: Destination, resolve: Resolve) -> list[str]:
    """Addresses at which a destination may be reached now.

    Raises ``DestinationRefused`` where one of them is not of the kind its entry allows, or it has none.
    """
    try:
        addresses = list(resolve(destination.host, destination.port))
    except OSError as error:
        raise DestinationRefused(
            f"{destination.name} cannot be reached: {destination.host} has no address.",
            do="Mend the host in the setting destinations, or this machine's name service.",
        ) from error
    for address in addresses:
        wrong = why_not(address, destination)
        if wrong:
            raise DestinationRefused(
                f"{destination.name} is not reached: {destination.host} leads to {address}, {wrong}.",
                do="If that is where it belongs, say so in its entry (private = true, or region this machine).",
            )
    if not addresses:
        raise DestinationRefused(
            f"{destination.name} has no address.", do="Mend its host in the setting destinations."
        )
    return addresses


def why_not(address: str, destination: Destination) -> str:
    """Why a destination may not be at an address; empty: it may."""
    try:
        real = unwrapped(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return "which is not an address"
    if real in METADATA:
        return "where a cloud hands out credentials"
    if destination.loopback:
        return "" if real.is_loopback else "which is not this machine"
    if real.is_loopback:
        return "which is this machine"
    if real.is_link_local or real.is_multicast or real.is_unspecified or real.is_reserved:
        return "which is no address of a server"
    if real.is_global or destination.private:
        return ""
    return "which is in a private network"


def unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 one carries (mapped, compatible, 6to4, Teredo, NAT64), else itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    if inner is not None:
        return inner
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address
