"""The message catalogues are compiled from all their parts, and nothing ambiguous ships."""

import gettext
from pathlib import Path

import pytest

from infra.build.catalogue import BadCatalogue, compile_all

ONE = 'msgid "Thank you"\nmsgstr "谢谢"\n'
TWO = 'msgctxt "button"\nmsgid "Send"\nmsgstr "提交"\n'


def locales(tmp_path: Path, **parts: str) -> Path:
    folder = tmp_path / "zh_CN"
    folder.mkdir()
    for name, text in parts.items():
        (folder / f"{name}.po").write_text(text)
    return tmp_path


def test_all_parts_of_a_language_make_one_catalogue(tmp_path):
    assert compile_all(locales(tmp_path, pages=ONE, buttons=TWO)) == {"zh_CN": 2}
    with (tmp_path / "zh_CN" / "messages.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert catalogue.gettext("Thank you") == "谢谢"
    assert catalogue.pgettext("button", "Send") == "提交"


def test_the_same_again_writes_nothing(tmp_path):
    folder = locales(tmp_path, pages=ONE)
    compile_all(folder)
    before = (folder / "zh_CN" / "messages.mo").stat().st_mtime_ns
    compile_all(folder)
    assert (folder / "zh_CN" / "messages.mo").stat().st_mtime_ns == before


def test_a_message_translated_twice_differently_is_refused(tmp_path):
    with pytest.raises(BadCatalogue, match="twice"):
        compile_all(locales(tmp_path, a=ONE, b=ONE.replace("谢谢", "感谢")))


def test_a_fuzzy_message_is_refused(tmp_path):
    with pytest.raises(BadCatalogue, match="fuzzy"):
        compile_all(locales(tmp_path, a="#, fuzzy\n" + ONE))


def test_what_is_in_the_project_compiles():
    assert compile_all()["zh_CN"] > 0
