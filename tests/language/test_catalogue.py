"""A language that was never compiled is an error, not silence in another one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.language import catalogue
from chalicelib.language.catalogue import NoCatalogue


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A clone as it was checked out: sources only."""
    catalogue.catalogue.cache_clear()
    catalogue.word.cache_clear()
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    yield
    catalogue.catalogue.cache_clear()
    catalogue.word.cache_clear()


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("lang", ["zh_CN", "fr", ""])
def test_a_missing_catalogue_is_an_error_that_says_what_to_run(lang: str) -> None:
    with pytest.raises(NoCatalogue, match=r"zh_CN.*infra\.build\.catalogue"):
        catalogue.catalogue(lang)


@pytest.mark.usefixtures("empty")
def test_english_is_what_the_ids_say() -> None:
    assert catalogue.word("state", "Closed", "en") == "Closed"


def test_the_first_run_of_the_tests_has_compiled_every_language() -> None:
    assert catalogue.word("state", "Closed", "zh_CN") != "Closed"


TEMPLATES = Path(catalogue.__file__).parents[1] / "web" / "templates"
ASKED = re.compile(r"""\b_\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\)""")


def test_every_text_of_the_pages_is_translated() -> None:
    asked = {
        double or single
        for path in TEMPLATES.rglob("*.html")
        for double, single in ASKED.findall(path.read_text(encoding="utf-8"))
    }
    missing = {text for text in asked if catalogue.catalogue("zh_CN").gettext(text) == text}
    assert len(asked) > 300
    assert missing == set()
