"""The floor under what the tests run of the code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import covered


@pytest.mark.parametrize(("floor", "answer"), [("74.9", 0), ("75.1", 1)])
def test_less_than_the_floor_is_a_fault(tmp_path: Path, floor: str, answer: int) -> None:
    files = {"a.py": {"summary": {"percent_covered": 50.0}}, "b.py": {"summary": {"percent_covered": 100.0}}}
    report = tmp_path / "coverage.json"
    report.write_text(json.dumps({"summary": {"percent_covered": 75.0}, "files": files}), encoding="utf-8")
    assert covered.main(str(report), floor) == answer


def test_make_test_measures_and_holds_the_floor() -> None:
    makefile = (Path(__file__).parents[1] / "Makefile").read_text(encoding="utf-8")
    recipe = makefile.partition("\ntest:")[2].partition("\n\n")[0]
    assert "MEASURED := -m slipcover --source chalicelib" in makefile
    assert "$(MEASURED) -m pytest tests" in recipe
    assert "tests.covered out/coverage.json $(COVERED)" in recipe
