"""The public page of a letter: whoever holds paper or file can check it, and reads nothing of its content."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
from chalice.test import Client, HTTPResponse

from app import app
from chalicelib.domain.contractor.letter import frozen, in_groups
from chalicelib.language.letters import said
from chalicelib.services.contractor import checking
from chalicelib.store import letters
from chalicelib.store.letters import File
from tests.bench.web import ask
from tests.domain.contractor.letters import NOTICE
from tests.world import World

NUMBER = "HY-2026-0001"
CONTENT = frozen(NOTICE, said(NOTICE))
PDF, SCAN = (hashlib.sha256(name).hexdigest() for name in (b"pdf", b"scan"))


@pytest.fixture
def letter(world: World) -> str:
    """A letter that was released, made, sealed and scanned; its page."""
    world.table.transact(letters.written("HY", 2026, 0, "CASE#1", "notice", CONTENT, world.at))
    letters.made(NUMBER, File("pdf", PDF, "letters/x.pdf", world.at), [])
    world.table.write(letters.sealed_as(NUMBER, File("scan", SCAN, "sealed/x.pdf", world.at + timedelta(days=1))))
    return f"/l/{NUMBER}"


def text(answer: HTTPResponse) -> str:
    return str(answer.body.decode())


def test_it_shows_number_kind_date_and_hashes(browser: Client, letter: str) -> None:
    answer = browser.http.get(letter)
    assert answer.status_code == 200
    read = text(answer)
    for fact in (
        NUMBER,
        "维修通知单",
        "2026年3月2日 周一 09:00",
        in_groups(CONTENT.hash),
        in_groups(PDF),
        in_groups(SCAN),
    ):
        assert fact in read, fact
    for word in ("函件内容", "函件文件（PDF）", "盖章扫描件"):
        assert word in read, word


def test_nothing_of_its_content_is_on_it(browser: Client, letter: str) -> None:
    read = text(browser.http.get(letter)) + str(dict(browser.http.get(letter).headers))
    for secret in (NOTICE.to.name, NOTICE.entity.name, "1201", "4839", "渗漏", "HT-2020", "CASE#", "letters/x"):
        assert secret not in read, secret


def test_it_says_while_the_file_is_being_made(world: World, browser: Client) -> None:
    world.table.transact(letters.written("HY", 2026, 0, "CASE#1", "notice", CONTENT, world.at))
    assert "函件文件正在生成" in text(browser.http.get(f"/l/{NUMBER}"))


@pytest.mark.parametrize("number", ["HY-2026-0002", "nonsense", "HY-2026-1", "x" * 500, "%00", "HY%2F2026"])
def test_a_number_that_nobody_has_is_said_to_be_none(browser: Client, letter: str, number: str) -> None:
    answer = browser.http.get(f"/l/{number}")
    assert answer.status_code == 404
    assert "没有这个编号的函件" in text(answer)


@pytest.mark.parametrize(
    ("typed", "reads"),
    [
        (CONTENT.hash, "该摘要属于：函件内容"),
        (in_groups(CONTENT.hash).upper(), "该摘要属于：函件内容"),
        (PDF, "该摘要属于：函件文件（PDF）"),
        (f"  {SCAN[:32]} \u3000{SCAN[32:]}", "该摘要属于：盖章扫描件"),
    ],
)
def test_a_hash_of_its_own_is_found_however_it_is_typed(browser: Client, letter: str, typed: str, reads: str) -> None:
    read = text(browser.http.get(f"{letter}?{urlencode({'sum': typed})}"))
    assert "核验一致。</strong>" in read
    assert reads in read


def test_another_hash_is_said_to_differ(browser: Client, letter: str) -> None:
    read = text(browser.http.get(f"{letter}?sum={'0' * 64}"))
    assert "核验不一致。</strong>" in read
    assert "核验一致。</strong>" not in read


@pytest.mark.parametrize("typed", ["abc", "g" * 64, CONTENT.hash[:-1], "<script>", "é" * 64])
def test_what_is_no_hash_is_refused_at_its_field(browser: Client, letter: str, typed: str) -> None:
    answer = browser.http.get(f"{letter}?{urlencode({'sum': typed})}")
    assert answer.status_code == 400
    assert 'id="e-sum"' in text(answer)
    assert "<script>" not in text(answer)


def test_a_number_from_a_paper_leads_to_its_page(browser: Client, letter: str) -> None:
    assert "函件核验" in text(browser.http.get("/l"))
    answer = browser.http.get(f"/l?number={quote(' HY-2026-0001 ')}")
    assert (answer.status_code, answer.headers["Location"]) == (303, letter)
    full = browser.http.get(f"/l?number={quote('ＨＹ－２０２６－０００１')}")
    assert full.headers["Location"] == letter
    assert NUMBER in text(browser.http.get(letter.lower().replace("/L/", "/l/")))
    odd = browser.http.get(f"/l?number={quote('//evil.example/x?y#z')}")
    assert (odd.status_code, odd.headers.get("Location")) == (404, None)
    assert "没有这个编号的函件" in text(odd)


@pytest.mark.parametrize("behind", ["\u3002", ".", "%20", "/", "\uff09"])
def test_the_address_opens_whatever_was_glued_behind_it(letter: str, behind: str) -> None:
    answer = ask(app, "GET", letter + quote(behind, safe="/%"))
    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, letter)


def test_who_counts_numbers_up_is_slowed_and_nobody_else(
    browser: Client, world: World, letter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "LOOKS", (("address", 3600, 3),))
    answers = [browser.http.get(f"/l/HY-2026-{n:04d}").status_code for n in range(1, 6)]
    assert answers == [200, 404, 404, 429, 429]
    world.at += timedelta(hours=1)
    assert browser.http.get(letter).status_code == 200


def test_a_look_changes_nothing_but_the_count(browser: Client, world: World, letter: str) -> None:
    before = {pk: dict(part) for pk, part in world.table.parts.items() if not pk.startswith("SLOW#")}
    browser.http.get(letter)
    browser.http.get(f"{letter}?sum={PDF}")
    assert {pk: dict(part) for pk, part in world.table.parts.items() if not pk.startswith("SLOW#")} == before
    assert not any(NUMBER in pk for pk in world.table.parts if pk.startswith("SLOW#"))


def test_it_is_there_in_english_too(browser: Client, letter: str) -> None:
    read = text(browser.http.get(f"{letter}?lang=en&sum={PDF}"))
    assert "Repair notice" in read
    assert "It matches." in read


def test_a_letter_of_another_zone_shows_its_own_time(browser: Client, world: World) -> None:
    content = frozen(replace(NOTICE, tz="UTC"), {})
    world.table.transact(letters.written("HY", 2026, 0, "CASE#1", "reminder", content, world.at))
    assert "01:00" in text(browser.http.get(f"/l/{NUMBER}"))
