"""What a command says to an operator is in the catalogue, with the same facts, and the language can be chosen."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib import commands
from chalicelib.adapters import aws, workbook
from chalicelib.adapters.workbook import NotAWorkbook, open_book
from chalicelib.commands import erase, load, rebuild
from chalicelib.language.catalogue import LANGS, catalogue
from tests.world import World

PACKAGE = Path(__file__).resolve().parents[2] / "chalicelib"
REMARKS = {"NotAWorkbook": 1, "Remark": 1, "Bad": 0}  # which argument is the text
CHINESE = re.compile("[\u3400-\u9fff]")


def texts(node: ast.expr | None) -> Iterator[str]:
    """The texts that an argument may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)


def said() -> Iterator[tuple[str, str]]:
    """(context, text) of what commands say, and of what is said of a file."""
    for path in (PACKAGE / "commands").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {
            str(target.id): node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            called = isinstance(node, ast.Call) and ast.unparse(node.func) in ("say", "says(lang)")
            if called and isinstance(node, ast.Call):
                first = node.args[0]
                found = texts(named.get(first.id) if isinstance(first, ast.Name) else first)
                yield from (("loading" if path.stem == "load" else "console", text) for text in found)
    for name in ("ooxml", "workbook"):
        tree = ast.parse((PACKAGE / "adapters" / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REMARKS:
                if len(node.args) > (place := REMARKS[node.func.id]):
                    yield from (("workbook", text) for text in texts(node.args[place]))
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "broken":
                yield from (("workbook", text) for text in texts(node.value))
    yield from (("workbook", text) for text in workbook.ELSE.values())


def facts(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_there_is_something_to_look_at() -> None:
    found = set(said())
    assert {context for context, _ in found} == {"console", "loading", "workbook"}
    assert len(found) > 35


@pytest.mark.parametrize(("context", "text"), sorted(set(said())))
def test_each_text_has_its_translation_with_the_same_facts(context: str, text: str) -> None:
    translated = catalogue("zh_CN").pgettext(context, text)
    assert translated != text
    assert facts(translated) == facts(text)


def test_nobody_speaks_to_an_operator_but_through_the_catalogue() -> None:
    """`print` shows what `say` gave, JSON, or the parameters of a deployment; never a sentence of its own."""
    for path in (PACKAGE / "commands").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "print" and node.args:
                assert not isinstance(node.args[0], ast.JoinedStr), f"{path.name}:{node.lineno}"
                assert not [t for t in texts(node.args[0]) if t], f"{path.name}:{node.lineno}"


@pytest.mark.parametrize(("lang", "expected"), [("zh_CN", "没有这张工单"), ("en", "there is no such ticket")])
def test_erase_and_rebuild_speak_the_language_asked_for(
    world: World, capsys: pytest.CaptureFixture[str], lang: str, expected: str
) -> None:
    for command in (erase, rebuild):
        assert command.main(["nothing", "--lang", lang]) == 1
        assert expected in capsys.readouterr().err


@pytest.mark.parametrize(("lang", "expected"), [("zh_CN", "带密码的工作簿"), ("en", "one with a password")])
def test_what_is_wrong_with_a_file_is_said_in_the_language_asked_for(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, expected: str
) -> None:
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 512)
    assert load.main([str(tmp_path / "a.xls"), "--lang", lang]) == 2
    assert expected in capsys.readouterr().err


@pytest.mark.parametrize("lang", LANGS)
def test_without_a_region_it_is_said_in_the_language_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    def none() -> str:
        raise aws.NoRegion("no region")

    monkeypatch.setattr(aws, "region", none)
    monkeypatch.setattr(commands.sys, "argv", ["erase", "--lang", lang])
    assert commands.by_operator(lambda _: 0) == 2
    said = capsys.readouterr().err
    assert bool(CHINESE.search(said)) is (lang == "zh_CN")
    assert "AWS_REGION" in said


def test_braces_in_what_a_file_says_are_no_facts(tmp_path: Path) -> None:
    (tmp_path / "{x}.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(NotAWorkbook, match=r"^\{x\}\.pdf: neither"):
        open_book(tmp_path / "{x}.pdf")
