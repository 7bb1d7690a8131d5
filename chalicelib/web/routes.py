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
from chalice.app import Response

from chalicelib.web.code import routes as code
from chalicelib.web.desk import calls as desk_calls
from chalicelib.web.desk import routes as desk
from chalicelib.web.kit import asked
from chalicelib.web.kit.pages import headers, page, static_file
from chalicelib.web.late import routes as late
from chalicelib.web.owner import routes as owner
from chalicelib.web.public import routes as public
from chalicelib.web.staff import routes as staff

bp = Blueprint(__name__)


def register(app: Chalice) -> None:
    """Put every route on the app."""
    asked.of(app)
    for blueprint in (bp, public.bp, owner.bp, staff.bp, desk.bp, desk_calls.bp, late.bp, code.bp):
        app.register_blueprint(blueprint)


@bp.route("/static/{name}", methods=["GET"])
def static(name: str) -> Response:
    found = static_file(name)
    if found is None:
        return page("no_access.html", "zh_CN", status=404, slowed=False)
    body, kind = found
    carried = {**headers(), "Content-Type": kind, "Cache-Control": "public, max-age=31536000, immutable"}
    del carried["Vary"]  # the same for everybody: a CDN keeps one
    if kind.startswith("image/png"):
        return Response(body, headers=carried)
    return Response(body.decode(), headers=carried)


@bp.route("/health", methods=["GET"])
def health() -> Response:
    return Response("ok", headers={"Content-Type": "text/plain", "Cache-Control": "no-store"})
