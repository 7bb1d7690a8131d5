"""How finance's files are laid out, and what is taxed how, as the policy folder has it: read when first asked for."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.domain.money.tax import TaxTable, read_table

FOLDER = Path(__file__).parent.parent / "policy"


@cache
def tax() -> TaxTable:
    """The table of tax.toml. Raises PolicyError."""
    return read_table(_parsed(FOLDER / "tax.toml"))


def of_entity(entity: str) -> tuple[str, ...]:
    """The layouts that the files of an entity's batches have."""
    return ("deductions",)


def _parsed(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
