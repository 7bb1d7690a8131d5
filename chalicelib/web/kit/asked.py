"""The request that is being answered, and where it came from."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chalice.app import Chalice, MultiDict, Request

from chalicelib.adapters.settings import settings
from chalicelib.domain.record.text import line

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

_app: Chalice | None = None


def of(app: Chalice) -> None:
    """The app whose requests are answered."""
    global _app
    _app = app


def request() -> Request:
    """The request that is being answered."""
    assert _app is not None
    assert _app.current_request is not None
    return _app.current_request


def asked(name: str, limit: int = 200) -> str:
    """A value of the address's query, "" where there is none."""
    return line(str(query().get(name, "")))[:limit]


def query() -> MultiDict | dict[str, str]:
    """The address's query."""
    return request().query_params or {}


def path() -> str:
    """The path of the request as it was typed, without the stage."""
    return str(request().to_original_event().get("path") or "/")


def address() -> str:
    """Where the request came from; of IPv6 the network, for one subscriber has all of it.

    As API Gateway saw it; where that is a proxy of ours (TRUSTED_PROXIES), as the proxy saw it. What anybody else says
    of whom they ask for is not believed, nor what stands before it in the header.
    """
    its = request()
    seen = str((its.context.get("identity") or {}).get("sourceIp") or "")
    trusted = settings().trusted_proxies
    if trusted:
        for hop in reversed(its.headers.get("x-forwarded-for", "").split(",")):
            if not _within(seen, trusted):
                break
            seen = hop.strip() or seen
    return network(seen)


@cache
def _networks(listed: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks of a list; raises ValueError where one is none."""
    from ipaddress import ip_network

    return tuple(ip_network(part.strip()) for part in listed.split(",") if part.strip())


def _within(address: str, listed: str) -> bool:
    from ipaddress import ip_address

    try:
        at = ip_address(address)
    except ValueError:
        return False
    return any(at in known for known in _networks(listed))


def network(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one."""
    if ":" not in address:
        return address
    from ipaddress import ip_network

    try:
        return str(ip_network(f"{address}/64", strict=False))
    except ValueError:
        return address
