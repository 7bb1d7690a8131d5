"""Every route, per audience. The modules register theirs on one blueprint each.

    public.py   /  /report …       the hosted form
    owner.py    /o/{token} …       the reporter's page
    staff.py    /t/{token} …  /w/{token} …   one ticket; my work
    desk.py     /d/{token} …       the front desk
    late.py     …/late             why is it late?
    code.py     /c  /again         code instead of link; a new link
    here        /static/{name}  /health
"""

from __future__ import annotations

from chalice import Blueprint, Chalice
from chalice.app import Request, Response

from chalicelib.web.pages import headers, page, static_file

bp = Blueprint(__name__)
_app: Chalice | None = None


def register(app: Chalice) -> None:
    """Put every route on the app."""
    global _app
    from chalicelib.web import code, desk, desk_calls, late, owner, public, staff

    _app = app
    for blueprint in (bp, public.bp, owner.bp, staff.bp, desk.bp, desk_calls.bp, late.bp, code.bp):
        app.register_blueprint(blueprint)


def request() -> Request:
    """The request that is being answered."""
    assert _app is not None and _app.current_request is not None
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


@bp.route("/static/{name}", methods=["GET"])
def static(name: str) -> Response:
    found = static_file(name)
    if found is None:
        return page("no_access.html", "zh_CN", status=404, slowed=False)
    body, kind = found
    carried = {**headers(), "Content-Type": kind, "Cache-Control": "public, max-age=31536000, immutable"}
    if kind.startswith("image/png"):
        return Response(body, headers=carried)
    return Response(body.decode(), headers=carried)


@bp.route("/health", methods=["GET"])
def health() -> Response:
    return Response("ok", headers={"Content-Type": "text/plain", "Cache-Control": "no-store"})
