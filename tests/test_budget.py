"""Holds the line on what a cold start loads: in a fresh process, as in Lambda."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Each is used somewhere, or builds or tests the system; none loads before it is needed.
NEVER = (
    "arro3",
    "aws_lambda_powertools",
    "babel",
    "boto3",
    "chinese_calendar",
    "concurrent.futures.process",
    "fontTools",
    "hypothesis",
    "moto",
    "numpy",
    "openpyxl",
    "pip",
    "pydantic",
    "segno",
    "chalicelib.adapters.signs",
    "smtplib",
    "sqlite3",
    "typst",
    "unittest",
    "xlsxwriter",
    "yaml",
)
LATER = ("jinja2",)  # at the first page
FUNCTIONS = ("act", "tell", "tick", "send", "sweep", "reconcile", "photo", "letter", "archive")
MODULES_OF_OURS = {"app": 14, "act": 84, "tell": 84, "tick": 80}  # grows only on purpose


def loaded(statement: str) -> set[str]:
    """The modules of a fresh process after a statement."""
    script = f"import sys, json\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    env = {
        **os.environ,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_LAMBDA_FUNCTION_NAME": "budget",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run([sys.executable, "-c", script], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def app() -> set[str]:
    return loaded("import app")


@pytest.mark.parametrize("name", NEVER)
def test_importing_the_app_loads_none_of_what_it_may_never_need(app: set[str], name: str) -> None:
    assert name not in app


@pytest.mark.parametrize("name", LATER)
def test_importing_the_app_leaves_the_templates_for_the_first_page(app: set[str], name: str) -> None:
    assert name not in app


def test_in_lambda_the_app_loads_no_other_function(app: set[str]) -> None:
    assert not {f"chalicelib.functions.{name}" for name in FUNCTIONS} & app


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_loads_neither_chalice_nor_the_pages(name: str) -> None:
    found = loaded(f"import chalicelib.functions.{name}")
    assert not {"app", "chalice", "jinja2", "chalicelib.web.routes", *NEVER} & found


@pytest.mark.parametrize(("name", "most"), MODULES_OF_OURS.items())
def test_the_number_of_our_own_modules_stays_in_its_budget(name: str, most: int) -> None:
    found = loaded("import app" if name == "app" else f"import chalicelib.functions.{name}")
    ours = sorted(m for m in found if m.startswith("chalicelib."))
    assert len(ours) <= most, ours
