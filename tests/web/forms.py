"""What a browser sends with a move beside what a person types: the hidden fields of the form as its page shows it."""

from __future__ import annotations

import re

from chalice.test import Client

from chalicelib.domain.ticket.command import ANSWERS

BESIDE = {  # pages that carry the form instead
    "assign": "/people",
    **dict.fromkeys(("sign_off", "refuse"), "/sheet"),
    **dict.fromkeys(("accept_quote", "decline_quote"), "/price"),
}


def answered(browser: Client, path: str, move: str) -> dict[str, str]:
    """`of`, where the move answers something and its page can be opened; the page costs calls."""
    if move not in ANSWERS:
        return {}
    page = browser.http.get(path + BESIDE.get(move, "")).body.decode()
    shown = (form for form in re.findall(r"<form.*?</form>", page, re.S) if f'/{move}"' in form)
    found = (re.search(r'name="of" value="(\d+)"', form) for form in shown)
    return next(({"of": of[1]} for of in found if of), {})
