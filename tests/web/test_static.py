"""Static files: a page's scripts in one request, each as alone as in a file of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.web.kit.static import FOLDER, TOGETHER, static_file, static_url

PAGES = sorted((FOLDER / "templates").rglob("*.html"))


def content(name: str) -> str:
    found = static_file(name)
    assert found, name
    return found[0].decode()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.name}")
def test_a_page_asks_for_one_file_of_scripts(page: Path) -> None:
    assert len(re.findall(r"<script src=", page.read_text(encoding="utf-8"))) <= 1


@pytest.mark.parametrize("name", TOGETHER)
def test_it_holds_its_scripts_in_order_and_one_that_breaks_stops_none_behind_it(name: str) -> None:
    rest = content(name)
    for part in TOGETHER[name]:
        before, found, rest = rest.partition(content(part))
        assert found, part
        assert before.endswith("try {\n")
        assert rest.startswith("\n} catch (fault)")


@pytest.mark.parametrize("name", TOGETHER)
def test_every_one_is_some_pages_and_is_known_to_the_worker(name: str) -> None:
    assert any(f"static('{name}')" in page.read_text(encoding="utf-8") for page in PAGES)
    assert re.search(r"/static/[\w.-]+$", static_url(name).partition("?")[0])
    assert not (FOLDER / "static" / name).exists()


def test_its_address_changes_with_its_content() -> None:
    assert static_url("owner-page.js") != static_url("sheet-page.js")
    assert re.fullmatch(r"/static/owner-page\.js\?v=[0-9a-f]{10}", static_url("owner-page.js"))
