"""The packaged folder, made once (or taken as it stands, if nothing changed)."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.build.package import package

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def out() -> Path:
    package(ROOT / "out")
    return ROOT / "out"


@pytest.fixture(scope="session")
def template(out: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((out / "sam.yaml").read_text())
    return loaded


@pytest.fixture(scope="session")
def resources(template: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = template["Resources"]
    return found
