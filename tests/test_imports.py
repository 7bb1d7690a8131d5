"""The arrows: web | functions | commands → services → store | adapters | language → domain; and who uses what."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "chalicelib"
# What each layer may import of ours, besides itself.
MAY: Mapping[str, frozenset[str]] = {
    "domain": frozenset(),
    "adapters": frozenset({"domain"}),
    "language": frozenset({"domain"}),
    "store": frozenset({"adapters", "domain"}),
    "services": frozenset({"store", "adapters", "language", "domain"}),
    "web": frozenset({"services", "store", "adapters", "language", "domain"}),
    "functions": frozenset({"services", "store", "adapters", "language", "domain"}),
    "commands": frozenset({"services", "store", "adapters", "language", "domain"}),
}
OUTSIDE: Mapping[str, frozenset[str]] = {
    "chalice": frozenset({"web", "functions"}),
    "pynamodb": frozenset({"store"}),
    "botocore": frozenset({"store", "adapters"}),
    "boto3": frozenset(),
    "jinja2": frozenset({"web", "adapters", "language"}),
}
STANDARD_ONLY = "domain"
FILES = sorted(p for p in PACKAGE.rglob("*.py") if "compiled" not in p.parts)


def layer(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, wherever in it, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            yield node.module or "", node.lineno
            if node.module == "chalicelib":
                for name in node.names:
                    yield f"chalicelib.{name.name}", node.lineno


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_module_imports_against_the_arrows(path: Path) -> None:
    mine = layer(path)
    for name, line in imports(path):
        head, _, rest = name.partition(".")
        if head == "chalicelib" and rest:
            other = rest.partition(".")[0]
            if other in MAY:
                assert other == mine or other in MAY[mine], f"{path.name}:{line}: {mine or 'a command'} imports {name}"
        elif head in OUTSIDE:
            assert mine in OUTSIDE[head], f"{path.name}:{line}: {mine or 'a command'} imports {name}"


@pytest.mark.parametrize("path", [p for p in FILES if layer(p) == STANDARD_ONLY], ids=lambda p: p.name)
def test_the_domain_uses_the_standard_library_only(path: Path) -> None:
    import sys

    for name, line in imports(path):
        head = name.partition(".")[0]
        assert head in sys.stdlib_module_names or head in ("chalicelib", "__future__"), f"{path.name}:{line}: {name}"


@pytest.mark.parametrize("path", [p for p in FILES if layer(p) == STANDARD_ONLY], ids=lambda p: p.name)
def test_the_domain_has_no_time_of_its_own_and_no_randomness(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today"):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            assert owner not in ("datetime", "date"), f"{path.name}:{node.lineno}: reads the clock"
    for name, line in imports(path):
        assert name.partition(".")[0] not in ("random", "secrets", "uuid", "time"), f"{path.name}:{line}: {name}"


NUMBERS = "chalicelib/services/record/numbers.py"


def test_numbers_come_from_one_function_and_nobody_else_reads_the_policy_files() -> None:
    for path in FILES:
        if str(path.relative_to(ROOT)) in (NUMBERS, "chalicelib/adapters/policies.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, (ast.Import, ast.ImportFrom)) else []
            module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            read = module.endswith("adapters.policies") or any(
                f"{module}.{n}".endswith("adapters.policies") for n in names
            )
            assert not read, f"{path}: ask policy_for"


def test_only_adapters_and_store_make_aws_clients() -> None:
    for path in FILES:
        if layer(path) in ("adapters", "store"):
            continue
        text = path.read_text(encoding="utf-8")
        assert "create_client(" not in text, path
        assert "get_session(" not in text, path


def test_the_app_imports_chalice_web_and_functions_only() -> None:
    for name, line in imports(ROOT / "app.py"):
        head, _, rest = name.partition(".")
        ours = head == "chalicelib" and rest.partition(".")[0] in ("web", "functions", "")
        assert ours or head in ("chalice", "os"), f"app.py:{line}: {name}"
