"""What the documents say of the code is so: paths, commands, settings, keys, decisions."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted([ROOT / "README.md", ROOT / "README.zh-CN.md", *(ROOT / "docs").rglob("*.md")])
# Where a path in a document may begin.
BASES = (ROOT, ROOT / "chalicelib", ROOT / "docs")
PATH = re.compile(r"`([\w./-]+/[\w.-]+\.(?:py|toml|po|md|yaml|json|xlsx|html))`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
READS = re.compile(r"""(?:environ(?:\.get)?[\[(]|\be\(|getenv\()\s*["']([A-Z][A-Z0-9_]+)["']""")
COMMAND = re.compile(r"python -m ([\w.]+)")
MADE = ("out/", ".local/", "/")  # by a command, not in the repository; or an address of ours


@pytest.mark.parametrize("doc", DOCS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_path_that_a_document_names_is_there(doc: Path) -> None:
    named = [n for n in PATH.findall(doc.read_text(encoding="utf-8")) if not n.startswith(MADE) and "…" not in n]
    missing = [n for n in named if not any((base / n).exists() for base in BASES)]
    assert not missing


@pytest.mark.parametrize("doc", DOCS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_between_documents_leads_somewhere(doc: Path) -> None:
    assert not [n for n in LINK.findall(doc.read_text(encoding="utf-8")) if not (doc.parent / n).exists()]


@pytest.mark.parametrize("doc", DOCS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_command_that_a_document_names_can_be_run(doc: Path) -> None:
    named = set(COMMAND.findall(doc.read_text(encoding="utf-8")))
    assert not {n for n in named if n.startswith("chalicelib") and importlib.util.find_spec(n) is None}


def test_every_command_is_documented() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [p.stem for p in (ROOT / "chalicelib" / "commands").glob("*.py") if p.stem != "__init__"]
    assert len(commands) >= 4
    assert not [c for c in commands if f"chalicelib.commands.{c}" not in readme]


def test_the_table_of_settings_is_what_the_code_reads() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## Settings")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", table))
    read = {
        name for path in (ROOT / "chalicelib").rglob("*.py") for name in READS.findall(path.read_text(encoding="utf-8"))
    }
    of_the_platform = {name for name in read if name.startswith(("AWS_", "LAMBDA_", "XDG_"))}
    assert read - of_the_platform == named


def test_every_decision_has_its_number_its_date_and_its_three_parts() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert len(files) >= 12
    for number, path in enumerate(files, 1):
        text = path.read_text(encoding="utf-8")
        assert path.name.startswith(f"{number:04d}-")
        assert re.match(rf"# {number}\. .+\n\n20\d\d-\d\d-\d\d\n", text), path.name
        assert re.findall(r"^## (.+)$", text, re.M) == ["Why it came up", "What we do", "What follows"], path.name


def test_the_glossary_explains_each_word_once() -> None:
    words = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.M)
    explained = [w.strip() for w in words if w.strip() not in ("word", "term", "---")]
    assert len(explained) > 40
    assert len(explained) == len(set(explained))
