"""The mark of a device from which stars come: random, of this site alone, set where stars are asked for and by staff's
pages.

d=<16 letters>      a device; with ".s" behind it, one on which somebody opened pages of staff

Of it a rating keeps a keyed digest and whether it is a staff device: enough to tell that many flats were rated from one
phone, too little to find whose it is. Nothing is read of the device itself, and without the mark a rating is as good.
"""

from __future__ import annotations

import re
import secrets

from chalice.app import Response

from chalicelib.adapters.settings import settings
from chalicelib.services.access import access
from chalicelib.web.kit.asked import request
from chalicelib.web.kit.pages import root

CARRIED = re.compile(r"(?:^|;\s*)d=([A-Za-z0-9_-]{16})(\.s)?(?:;|$)")
LASTS = 180 * 24 * 3600
LETTERS = 8


def of_rating() -> str:
    """What a rating keeps of the device that it comes from: "s" for staff's, else "o", and a digest; "" for no mark."""
    found = CARRIED.search(request().headers.get("cookie", ""))
    return f"{'s' if found[2] else 'o'}{access.hidden('device', found[1])[:LETTERS]}" if found else ""


def known(answer: Response, *, staff: bool = False) -> Response:
    """A page after which the device has its mark; the one it has stays, and staff's stays staff's."""
    found = CARRIED.search(request().headers.get("cookie", ""))
    if answer.status_code != 200 or "Set-Cookie" in answer.headers or (found and (found[2] or not staff)):
        return answer
    value = (found[1] if found else secrets.token_urlsafe(12)) + (".s" if staff else "")
    secure = "; Secure" if settings().public_url.startswith("https:") else ""
    kept = f"d={value}; Path={root() or '/'}; Max-Age={LASTS}; SameSite=Lax; HttpOnly{secure}"
    answer.headers["Set-Cookie"] = kept
    return answer
