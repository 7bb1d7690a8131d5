"""What a browser gets and sends: the page, or where a form that was taken leads."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

from chalice.test import Client

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def get(browser: Client, path: str, status: int = 200) -> str:
    answer = browser.http.get(path)
    assert answer.status_code == status, path
    body = str(answer.body.decode())
    assert said_in(body) in (None, asked_by(path)), f"{path}: in the other language it would be another page"
    return body


def asked_by(path: str) -> dict[str, str]:
    """What an address asks for beside the language, and what was done before it."""
    return {name: value for name, value in parse_qsl(urlsplit(path).query) if name not in ("lang", "done")}


def said_in(body: str) -> dict[str, str] | None:
    """What the link to the page in the other language asks for; None where there is no such link."""
    link = re.search(r'<a href="([^"]*)" lang="[\w-]+" hreflang=', body)
    if link is None:
        return None
    asked = dict(parse_qsl(urlsplit(unescape(link[1])).query, strict_parsing=True))
    assert asked.pop("lang")
    return asked


def post(browser: Client, path: str, status: int = 303, **fields: str) -> str:
    answer = browser.http.post(path, headers=FORM, body=urlencode(fields).encode())
    assert answer.status_code == status
    return str(answer.headers.get("Location", "") or answer.body.decode())
