"""What a browser gets and sends: the page, or where a form that was taken leads."""

from __future__ import annotations

from urllib.parse import urlencode

from chalice.test import Client

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def get(browser: Client, path: str, status: int = 200) -> str:
    answer = browser.http.get(path)
    assert answer.status_code == status, path
    return str(answer.body.decode())


def post(browser: Client, path: str, status: int = 303, **fields: str) -> str:
    answer = browser.http.post(path, headers=FORM, body=urlencode(fields).encode())
    assert answer.status_code == status
    return str(answer.headers.get("Location", "") or answer.body.decode())
