"""The request that is being answered, and where it came from."""

from __future__ import annotations

from chalice import Chalice
from chalice.app import Request

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


def address() -> str:
    """Where the request came from, as API Gateway saw it; of IPv6 the network, for one subscriber has all of it."""
    identity = request().context.get("identity") or {}
    return network(str(identity.get("sourceIp") or ""))


def network(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one."""
    if ":" not in address:
        return address
    from ipaddress import ip_network

    try:
        return str(ip_network(f"{address}/64", strict=False))
    except ValueError:
        return address
