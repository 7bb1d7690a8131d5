"""Addresses: what opens, what leads nowhere, and what a cold start loads for them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from chalice.test import Client, HTTPResponse

from app import app
from chalicelib.services.access import access
from chalicelib.store import grants
from chalicelib.web.kit.moves import done
from chalicelib.web.routes import ROUTES, clean
from infra.build.catalogue import compile_all
from tests.bench.web import ask
from tests.world import MONDAY, STAFF, World

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_all()


@pytest.fixture
def links(world: World) -> dict[str, str]:
    """One page of each family."""
    ticket = world.report()
    world.pump()
    ticket = world.load(ticket)
    one = access.ticket_grant(ticket.id, ticket.holder, ticket.desk)
    mine = access.staff_grant(ticket.holder, STAFF[ticket.holder][0], 1)
    desk = access.staff_grant("d1", "P1/desk", 1)
    for grant in (one, mine, desk):
        grants.put(grant, access.hash_of(access.token(grant)))
    return {
        "own": f"/o/{access.token(access.own_grant(ticket.id))}",
        "one": f"/t/{access.token(one)}",
        "held": f"/w/{access.token(mine)}/{ticket.id}",
        "work": f"/w/{access.token(mine)}",
        "at_desk": f"/d/{access.token(desk)}/{ticket.id}",
        "queue": f"/d/{access.token(desk)}",
        "form": "/report?p=U1",
        "code": "/c",
    }


FAMILIES = ("own", "one", "held", "work", "at_desk", "queue", "form", "code")
BEHIND = (
    *(".", ",", ")", ">", "!", " ", "%20", "/"),
    *("\u3002", "\uff0c", "\u3001", "\uff09", "\u3011", "\u201d", "\u3000", "\u2026"),
    *("\u8bf7\u5c3d\u5feb\u67e5\u770b", "\u3002\u8bf7\u67e5\u770b", "/\u3002"),
)


def text(answer: HTTPResponse) -> str:
    return str(answer.body.decode())


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("behind", BEHIND)
def test_a_link_opens_whatever_a_message_glued_behind_it(links: dict[str, str], family: str, behind: str) -> None:
    path = links[family].partition("?")[0]
    answer = ask(app, "GET", path + quote(behind, safe="/%"))
    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, path)


def test_what_was_glued_behind_a_link_is_no_guess(links: dict[str, str], world: World) -> None:
    before = len(world.table.parts)
    for behind in BEHIND:
        ask(app, "GET", links["own"] + quote(behind, safe="/%"))
    assert len(world.table.parts) == before


def test_the_language_that_was_asked_for_stays(links: dict[str, str]) -> None:
    answer = ask(app, "GET", links["own"] + "%E3%80%82?lang=en")
    assert answer["headers"]["Location"] == links["own"] + "?lang=en"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/", "/"),
        ("//evil.example/\u3002", "/evil.example"),
        ("/static/app.css", "/static/app.css"),
        ("\u3002", "/"),
        ("/./\u3002", "/"),
    ],
)
def test_a_path_is_cleaned_and_never_leads_to_another_site(typed: str, meant: str) -> None:
    assert clean(typed) == meant
    assert clean(meant) == meant


@pytest.mark.parametrize("family", FAMILIES)
def test_head_answers_as_get_does_without_a_body(browser: Client, links: dict[str, str], family: str) -> None:
    known = {"Cookie": f"d={'x' * 16}.s"}  # else each page of staff gives a mark of its own
    shown = browser.http.get(links[family], headers=known)
    head = browser.http.request("HEAD", links[family], headers=known)
    assert (head.status_code, head.body) == (shown.status_code, b"") == (200, b"")
    assert dict(head.headers) == dict(shown.headers)


def test_every_get_is_a_head_too() -> None:
    for path, methods in app.routes.items():
        assert ("GET" in methods) == ("HEAD" in methods), path


@pytest.mark.parametrize("path", ["/nowhere", "/o", "/t/x/y/z/u", "/wp-login.php", "/.env", "/static/none.css"])
@pytest.mark.parametrize(
    ("lang", "said"), [("zh_CN", "\u6ca1\u6709\u8fd9\u4e2a\u9875\u9762"), ("en", "There is no such page")]
)
def test_an_unknown_address_is_a_page_in_the_readers_language(world: World, path: str, lang: str, said: str) -> None:
    for method in ("GET", *["POST"] * (not path.startswith("/static"))):
        answer = ask(app, method, f"{path}?lang={lang}", [] if method == "POST" else None)
        assert answer["statusCode"] == 404
        assert said in answer["body"]
        assert answer["headers"]["Content-Type"].startswith("text/html")
    assert not [pk for pk in world.table.parts if pk.startswith("SLOW#")], (
        "a program that tries addresses guesses no link"
    )


@pytest.mark.parametrize(
    ("path", "kind", "holds"),
    [
        ("/favicon.ico", "image/svg+xml", "<svg"),
        ("/robots.txt", "text/plain", "Disallow: /"),
        ("/health", "text/plain", "ok"),
    ],
)
def test_what_programs_ask_for_unbidden_is_there(browser: Client, path: str, kind: str, holds: str) -> None:
    answer = browser.http.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(kind)
    assert holds in text(answer)


@pytest.mark.parametrize("family", ["own", "one", "held", "at_desk"])
def test_a_form_s_answer_that_is_loaded_again_leads_to_its_page(
    browser: Client, links: dict[str, str], family: str
) -> None:
    answer = browser.http.get(links[family] + "/note")
    assert (answer.status_code, answer.headers["Location"]) == (303, links[family])


# what a page says after a move


@pytest.mark.parametrize("family", ["own", "one", "held", "at_desk"])
def test_what_was_done_is_said_for_a_while_and_not_for_ever(
    browser: Client, world: World, links: dict[str, str], family: str
) -> None:
    address = f"{links[family]}?done={done('note', world.at)}"
    assert 'role="status"' in text(browser.http.get(address))
    assert "/static/done.js" in text(browser.http.get(address)), "and a browser takes it out of the address at once"
    world.at += timedelta(minutes=3)
    for late in (
        address,
        f"{links[family]}?done=note",
        f"{links[family]}?done=note.zzzzzzz",
        f"{links[family]}?done=note.x%00",
    ):
        page = text(browser.http.get(late))
        assert '<div class="notice" role="status"' not in page
        assert "/static/done.js" not in page


@pytest.mark.parametrize(("path", "move"), [("/again", "sent"), ("/report", "followed"), ("/passed-on", "decline")])
def test_pages_of_no_ticket_say_it_once_too(browser: Client, world: World, path: str, move: str) -> None:
    assert 'role="status"' in text(browser.http.get(f"{path}?done={done(move, world.at)}"))
    assert 'role="status"' not in text(browser.http.get(f"{path}?done={move}"))
    world.at += timedelta(minutes=3)
    assert 'role="status"' not in text(browser.http.get(f"{path}?done={done(move, MONDAY)}"))


# what is loaded


LOADED = """
import app, json, sys
ours = sorted(m for m in sys.modules if m.startswith("chalicelib.web."))
print(json.dumps(ours))
"""


def test_a_cold_start_loads_no_page_family() -> None:
    env = {**os.environ, "AWS_DEFAULT_REGION": "us-east-1", "AWS_LAMBDA_FUNCTION_NAME": "x", "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", LOADED], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(run.stdout.splitlines()[-1]) == [
        "chalicelib.web.kit",
        "chalicelib.web.kit.asked",
        "chalicelib.web.routes",
    ]


def test_every_route_has_its_view() -> None:
    from chalicelib.web.routes import _view

    assert len(ROUTES) > 40
    for route in ROUTES:
        assert callable(_view(route.view)), route
