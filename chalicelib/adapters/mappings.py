"""How finance's files are laid out, and what is taxed how, as the policy folder has it: read when first asked for."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.domain.money.layout import Layout, read_layout
from chalicelib.domain.money.tax import TaxTable, read_table
from chalicelib.domain.record.errors import PolicyError

FOLDER = Path(__file__).parent.parent / "policy"
EXPORTS = FOLDER / "exports"


@cache
def tax() -> TaxTable:
    """The table of tax.toml. Raises PolicyError."""
    return read_table(_parsed(FOLDER / "tax.toml"))


@cache
def of_entity(entity: str) -> tuple[str, ...]:
    """The layouts that the files of an entity's batches have. Raises PolicyError."""
    table = _parsed(FOLDER / "finance.toml")
    names = tuple(table.get("entities", {}).get(entity, table["default"]))
    for name in names:
        layout(name)
    return names


@cache
def evidence_needed() -> bool:
    """Whether what has no evidence pack yet is left out of a batch."""
    return bool(_parsed(FOLDER / "finance.toml").get("evidence_needed", False))


@cache
def layout(name: str) -> Layout:
    """A layout by the name of its mapping file. Raises PolicyError."""
    path = EXPORTS / f"{name}.toml"
    if not path.is_file():
        raise PolicyError(f"finance.toml: there is no exports/{name}.toml")
    content = path.read_bytes()
    return read_layout(name, tomllib.loads(content.decode()), hashlib.sha256(content).hexdigest()[:12])


def names() -> list[str]:
    """All layouts that ship."""
    return sorted(path.stem for path in EXPORTS.glob("*.toml"))


def _parsed(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
