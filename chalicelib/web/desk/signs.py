"""Signs with QR codes, as sheets that the browser prints.

GET  /d/{token}/signs    ?desk= ?part=<building> ?what= ?form= ?from=<sheet>

A page has some sheets, then come the next ones, then the next building: no page makes thousands of codes.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

from chalice.app import Response
from markupsafe import Markup

from chalicelib.adapters.time import now
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.roles import DESKS
from chalicelib.domain.register.signs import FORMS, sheets
from chalicelib.language.catalogue import catalogue
from chalicelib.services.access import opening
from chalicelib.services.loading import signs
from chalicelib.services.ticket import frontdesk
from chalicelib.store import places
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.pages import lang_of, page

AT_ONCE = 4  # sheets on a page: about a hundred codes
WORDS = {
    "common": "All common places",
    "doors": "Buildings and entrances",
    "areas": "Common areas",
    "lifts": "Lifts and equipment",
    "flats": "Doors of flats",
}
FORM_WORDS = {"door": "Small, 24 on a sheet", "wall": "Medium, 6 on a sheet", "sheet": "A whole sheet each"}


def look(token: str) -> Response:
    grant = opening.open_staff(token, DESKS)
    lang = lang_of(request())
    say = catalogue(lang).gettext
    desks = frontdesk.desks_of(grant)
    desk = next((d for d in desks if d.project == asked("desk")), desks[0] if desks else None)
    project = places.get(desk.project) if desk else None
    if desk is None or project is None:
        raise Invalid("place", "required")
    from chalicelib.adapters import signs as drawing

    what = asked("what") if asked("what") in signs.WHAT else "common"
    form = asked("form") if asked("form") in FORMS else signs.WHAT[what][1]
    parts = [part for part in signs.parts(project.id) if part.id or what != "flats"]
    part = next((p for p in parts if p.id == asked("part")), parts[0] if parts else signs.Part("", ""))
    every = list(sheets(signs.signs(project, part.id, what, lang), form))
    first = int(asked("from")) if re.fullmatch(r"[0-9]{1,4}", asked("from")) else 0
    shown = every[first : first + AT_ONCE]

    def address(part: str, start: int) -> str:
        chosen = {"desk": desk.project if len(desks) > 1 else "", "what": what, "form": asked("form"), "part": part}
        chosen["from"] = str(start or "")
        return f"/d/{token}/signs?{urlencode({k: v for k, v in chosen.items() if v})}"

    at = parts.index(part) if part in parts else 0
    return page(
        "desk/signs.html",
        lang,
        now=now(),
        token=token,
        whose=frontdesk.whose(grant),
        desk=desk,
        desks=desks,
        project=project,
        parts=parts,
        part=part,
        place=at + 1,
        what=what,
        whats=[(name, say(text)) for name, text in WORDS.items()],
        form=asked("form") if asked("form") in FORMS else "",
        forms=[(name, say(text)) for name, text in FORM_WORDS.items()],
        sheets=[
            Markup(drawing.svg(sheet, form, say("Sheet %(n)s of %(all)s") % {"n": n, "all": len(every)}))
            for n, sheet in enumerate(shown, first + 1)
        ],
        first=first + 1,
        last=first + len(shown),
        all=len(every),
        before=address(part.id, max(first - AT_ONCE, 0)) if first else "",
        after=address(part.id, first + AT_ONCE) if first + AT_ONCE < len(every) else "",
        further=address(parts[at + 1].id, 0) if at + 1 < len(parts) else "",
        further_name=parts[at + 1].name if at + 1 < len(parts) else "",
    )
