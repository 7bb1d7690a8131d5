"""One deployed system and one browser for all journeys; each journey has units, owners and an address of its own."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from infra.build.package import MADE, STAMP
from infra.local.run import load
from infra.local.stack import ROOT, Stack
from infra.seed.demo import demo
from tests.e2e.looks import Looks
from tests.e2e.play import STAFF, WAIT, Play

CHROMIUM = "/usr/bin/chromium"
expect.set_options(timeout=WAIT * 1000)  # as long as all else is waited for: a cold function on a busy machine
ARGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=zh-CN"]


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the package is built: apart from `out/`, which somebody may be deploying; what fits there is taken."""
    made = tmp_path_factory.mktemp("out")
    for name in (STAMP, *MADE):
        if (ROOT / "out" / name).exists():
            shutil.copyfile(ROOT / "out" / name, made / name)
    return made


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, out: Path) -> Iterator[Stack]:
    """The packaged template on the emulator, with the demo group."""
    with Stack.start(tmp_path_factory.mktemp("stack"), out=out) as made:
        load(made)
        yield made


COMPANY_PEOPLE = tuple(f"{row['company']}.{row['code']}" for row in demo()["company_people"])
LINKS = """
import json, sys
from chalicelib.adapters.settings import settings
from chalicelib.commands.links import token_of
from chalicelib.domain.record.roles import ROLES, role_in
from chalicelib.store import people
found = {}
for code in json.load(sys.stdin):
    staff = people.get(code)
    found[code] = f"{settings().public_url}{ROLES[role_in(staff.person.team)].home}{token_of(staff)}"
print(json.dumps(found))
"""


@pytest.fixture(scope="session")
def links(stack: Stack) -> dict[str, str]:
    """Everybody's personal link, by code: to the page that their day begins with."""
    return links_of(stack)


def links_of(stack: Stack) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", LINKS],
        cwd=ROOT,
        env={**os.environ, **stack.environment},
        input=json.dumps([*STAFF, *COMPANY_PEOPLE]),
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as made:
        yield made


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    env = {**os.environ, "LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"}
    made = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS, env=dict(env))
    yield made
    made.close()


@pytest.fixture(scope="session")
def looks() -> Looks:
    return Looks()


_addresses = itertools.count(1)
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def play(
    stack: Stack, browser: Browser, playwright: Playwright, looks: Looks, request: pytest.FixtureRequest
) -> Iterator[Play]:
    """A journey; at its end no page was broken, and every page it came by can be used by anybody."""
    n = next(_addresses)
    made = Play(stack, browser, playwright.devices["iPhone 13"], looks, f"198.51.{n // 250}.{n % 250 + 1}")
    made.morning()
    yield made
    if request.node.stash.get(FAILED, False):
        made.show_pages()
    faults, looks.faults = looks.faults, []
    broken = made.broken
    made.close()
    assert broken == []
    assert faults == []
