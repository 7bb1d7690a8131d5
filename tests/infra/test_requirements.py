"""The locked requirements: pinned, hashed, without a host, and one version of each thing."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("requirements-letter", "requirements-archive")
LOCKS = ("requirements.txt", *(f"{name}.txt" for name in LAYERS), "requirements-dev.txt", "requirements-checkov.txt")
# Where the import has another name than the package, or is made by another package that ships.
IMPORTED_AS = {
    "pillow": "PIL",
    "aws-lambda-powertools": "aws_lambda_powertools",
    "tzdata": "zoneinfo",
    "arro3-core": "arro3.core",
    "arro3-io": "arro3.io",
}


def pins(name: str) -> dict[str, set[str]]:
    """Package to its pinned lines; one that differs by Python has more than one."""
    found: dict[str, set[str]] = {}
    for line in re.findall(r"^([a-z0-9._-]+)==([^ \\]+)", (ROOT / name).read_text(), re.M):
        found.setdefault(line[0], set()).add(line[1])
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_everything_is_pinned_with_hashes_and_no_host(name):
    text = (ROOT / name).read_text()
    assert "://" not in text
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:]
    assert entries
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


def test_what_ships_is_tested_at_the_same_version():
    dev = pins("requirements-dev.txt")
    for lock in ("requirements.txt", *(f"{name}.txt" for name in LAYERS)):
        assert all(versions <= dev[name] for name, versions in pins(lock).items())


def test_what_ships_is_imported():
    listed = "".join((ROOT / name).read_text() for name in ("requirements.in", *(f"{name}.in" for name in LAYERS)))
    wanted = re.findall(r"^([a-z0-9._-]+)", listed, re.M)
    source = "\n".join(path.read_text() for path in (ROOT / "chalicelib").rglob("*.py"))
    for name in wanted:
        assert re.search(rf"^\s*(import|from) {IMPORTED_AS.get(name, name)}\b", source, re.M), name
