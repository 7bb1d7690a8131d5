"""The key of all links: made once, changed without killing a link; commands that know where they work."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.adapters import aws
from chalicelib.commands import keys

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (
    "load",
    "rebuild",
    "erase",
    "links",
    "keys",
    "qr",
    "amendments",
    "snags",
    "ledger",
    "measures",
    "retention",
    "machines",
)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from moto import mock_aws

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_REGION", "cn-north-1")
    aws.client.cache_clear()
    with mock_aws():
        yield
    aws.client.cache_clear()


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    return dict(pair.split("=") for pair in capsys.readouterr().out.split())


def test_the_first_key_is_made_once_and_a_second_make_is_refused(
    store: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert keys.main(["make", "baoxiu"]) == 0
    first = said(capsys)
    assert len(first["GrantKey"]) >= 32
    assert first["GrantKeyBefore"] == ""
    assert keys.main(["make", "baoxiu"]) == 1
    assert capsys.readouterr().out == ""
    assert keys.main(["show", "baoxiu"]) == 0
    assert said(capsys) == first


def test_a_new_key_stands_before_those_that_were(store: None, capsys: pytest.CaptureFixture[str]) -> None:
    keys.main(["make", "baoxiu"])
    first = said(capsys)["GrantKey"]
    assert keys.main(["rotate", "baoxiu"]) == 0
    second = said(capsys)
    assert second["GrantKey"] != first
    assert second["GrantKeyBefore"] == first
    keys.main(["rotate", "baoxiu"])
    assert said(capsys)["GrantKeyBefore"] == f"{second['GrantKey']},{first}"


@pytest.mark.parametrize("what", ["rotate", "show"])
def test_a_stack_without_a_key_is_told_so(store: None, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert keys.main([what, "other", "--lang", "en"]) == 1
    assert "no key" in capsys.readouterr().err


def run(command: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command as an operator calls it, on a machine with nothing else set."""
    settings = {"PATH": os.defpath, "HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true", **environment}
    arguments = {
        "load": ["no.xlsx"],
        "erase": ["T1"],
        "keys": ["show", "x"],
        "qr": ["YS"],
        "snags": ["L1", "no.xlsx"],
        "ledger": ["--check"],
        "measures": ["2026-03"],
    }.get(command, [])
    module = f"chalicelib.commands.{command}"
    return subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, env=settings, capture_output=True, text=True
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_region_a_command_refuses(command: str, tmp_path: Path) -> None:
    done = run(command, tmp_path)
    assert done.returncode == 2
    assert "AWS_REGION" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_command_is_tried_without_a_region() -> None:
    assert {p.stem for p in (ROOT / "chalicelib" / "commands").glob("*.py")} - {"__init__"} == set(COMMANDS)


def test_the_region_is_the_profiles_where_the_environment_names_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text("[profile china]\nregion = cn-northwest-1\n")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_PROFILE", "china")
    assert aws.region() == "cn-northwest-1"
    monkeypatch.setenv("AWS_REGION", "cn-north-1")
    assert aws.region() == "cn-north-1"
