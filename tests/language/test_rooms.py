"""What people read comes from the catalogue: no branch by language, no Chinese text outside the room that holds it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from chalicelib.language.catalogue import LANGS

PACKAGE = Path(__file__).resolve().parents[2] / "chalicelib"
ASKS = re.compile(rf"""lang(?:uage)?\s*(?:==|!=|in)\s*["'(]|["'](?:{"|".join(LANGS)})["']\s*==""")
CHINESE = re.compile("[\u3400-\u9fff]")
# Not texts that we say but what people write and we read, or a name as it is printed.
READ_NOT_SAID = {
    "domain/money/capitals.py": "figures, as the law writes them in any language",
    "domain/register/cells.py": "how a workbook writes dates, spans, weekdays",
    "domain/register/amounts.py": "how a workbook writes money and terms",
    "domain/register/sheets.py": "what a workbook calls its sheets, columns and choices",
    "domain/register/sheets_contracts.py": "the same",
    "domain/register/snags.py": "the same",
    "domain/register/settlements.py": "the same",
    "domain/register/retentions.py": "the same",
    "domain/register/labels.py": "the same",
    "domain/register/column.py": "the same",
    "domain/record/simplified.py": "traditional characters beside their simplified ones",
    "domain/ticket/triage.py": "what parts two clauses",
    "domain/record/phone.py": "how an extension is written",
    "domain/register/places.py": "what an entrance is called that the workbook only numbers",
    "domain/register/people.py": "what a workbook calls its sheets",
    "services/ticket/calling.py": "how a label of a place is written",
    "services/ticket/follow.py": "surnames of two letters",
    "domain/register/spelling.py": "how people write a place",
    "adapters/pinyin.py": "what is read of a name, and how it sounds",
    "adapters/settings.py": "the signature of SMS, a setting",
    "language/catalogue.py": "languages as their speakers call them",
    "language/faults.py": "the other name of a sheet",
}


def chinese(path: Path) -> Iterator[tuple[int, str]]:
    """The Chinese literals of a module; docstrings are for who reads the code."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in docs else ""
        if isinstance(text, str) and CHINESE.search(text):
            yield node.lineno, text


def test_nothing_asks_which_language_it_is() -> None:
    files = [p for kind in ("*.py", "*.html", "*.js") for p in PACKAGE.rglob(kind) if "compiled" not in p.parts]
    asking = [
        f"{path.relative_to(PACKAGE)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if ASKS.search(line)
    ]
    assert len(files) > 100
    assert asking == []


def test_no_module_holds_chinese_that_it_says() -> None:
    files = [p for p in PACKAGE.rglob("*.py") if "compiled" not in p.parts]
    holding = {str(path.relative_to(PACKAGE)): list(chinese(path)) for path in files}
    assert {name: found for name, found in holding.items() if found and name not in READ_NOT_SAID} == {}
