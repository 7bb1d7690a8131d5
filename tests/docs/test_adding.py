"""The guides of docs/adding-….md: each does exactly its own edits on a copy, and what was added works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# "At the end of `file`:" or "In `file`, below `line`:", and the text that goes there
EDIT = re.compile(r"^(?:At the end of|In) `([^`]+)`(?:, below `([^`]+)`)?:\n\n```\w*\n(.*?)```$", re.M | re.S)
BEGIN = """
from datetime import timedelta
from chalice.test import Client
from app import app
from chalicelib.domain.record.errors import NotAllowed
from chalicelib.language import words
from chalicelib.services.access import access
from chalicelib.services.ticket import frontdesk
from chalicelib.store import grants
from tests.world import STAFF, world as fresh

def link(who, team=""):
    grant = access.staff_grant(who, team or STAFF[who][0], 1)
    grants.put(grant, access.hash_of(access.token(grant)))
    return access.token(grant)

def page(client, path, status=200):
    answer = client.http.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.body.decode()

def post(client, path, body):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return client.http.post(path, headers=form, body=body.encode()).status_code

with fresh() as world, Client(app) as client:
"""
SEEN = {
    "clock": """
    ticket = world.report("卫生间漏水")
    world.pump()
    ticket = world.load(ticket)
    world.do(ticket, "contact"); world.do(ticket, "acknowledge")
    began = world.at
    assert world.head(ticket)["by"] <= (began + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    own = access.token(access.own_grant(ticket.id))
    world.advance(minutes=59)
    assert "offer:due" not in str(world.load(ticket).recorded)
    world.advance(minutes=2)  # the timer comes by itself
    assert "offer" in {e.data.get("clock") for e in world.load(ticket).events if e.kind == "breached"}
    late = [e for e in world.load(ticket).events if e.kind == "escalated" and e.data["clock"] == "offer"]
    assert late and late[0].data["level"] == 2
    assert any(m.to == late[0].data["person"] and m.facts.get("clock") == "offer" for m in world.told(ticket))
    told = {(m.to, m.template, m.facts.get("clock")) for m in world.told(ticket)}
    assert (ticket.holder, "breached", "offer") in told
    assert "约定时间" in page(client, f"/d/{link('d1')}/{ticket.id}/late")
    assert "与您约时间" in page(client, f"/o/{own}/late")
    world.do(ticket, "offer_windows", windows=[["2026-03-03T02:00:00+00:00", "2026-03-03T04:00:00+00:00"]])
    assert world.head(ticket)["by"] > world.at.strftime("%Y-%m-%dT%H:%M:%SZ")
""",
    "role": """
    from chalicelib.domain.record.roles import Role
    world.employ("c1", "P1/caretakers"); world.employ("c2", "P1/gardeners")
    token = link("c1", "P1/caretakers")
    here, there = world.report("卫生间漏水"), world.report("卫生间漏水", unit="V1")
    world.pump()
    page(client, f"/w/{token}")
    page(client, f"/w/{token}/{here.id}")
    page(client, f"/w/{token}/{there.id}", 404)
    page(client, f"/d/{token}", 404)
    actor = access.actor_on(access.staff_grant("c1", "P1/caretakers", 1), world.load(here))
    assert actor.role is Role.CARETAKER
    assert post(client, f"/w/{token}/{here.id}/note", "key=01KJP0Y9M0QWGD6621HF2227A3&words=好的") == 303
    held = world.load(here)
    assert "楼栋管家" in page(client, f"/t/{access.token(access.ticket_grant(held.id, held.holder))}")
    assert 'data-move="acknowledge"' not in page(client, f"/w/{token}/{here.id}")
    assert post(client, f"/w/{token}/{here.id}/acknowledge", "key=01KJP0Y9M0QWGD6621HF2227A4") == 403
    stranger = link("c2", "P1/gardeners")  # a team that no row names
    page(client, f"/w/{stranger}", 404); page(client, f"/w/{stranger}/{here.id}", 404)
""",
    "category": """
    ticket = world.report("厨房有蟑螂")
    world.pump()
    ticket = world.load(ticket)
    assert (ticket.category, ticket.priority, ticket.team) == ("pests", "normal", "P1/engineering")
    assert "虫害" in page(client, "/report?p=U1") and "虫巢" in page(client, "/report?p=U1")
    desk = link("d1")
    assert "虫害" in page(client, f"/d/{desk}") and "虫害" in page(client, f"/d/{desk}/{ticket.id}")
    world.do(ticket, "contact"); world.do(ticket, "acknowledge"); world.do(ticket, "arrive")
    assert "已消杀" in page(client, f"/t/{access.token(access.ticket_grant(ticket.id, ticket.holder))}")
""",
    "event": """
    ticket = world.report("卫生间漏水")
    world.pump()
    ticket = world.do(ticket, "leave_keys", "d1", where="前台")
    assert ticket.contacted and world.kinds(ticket)[-1] == "keys_left"
    try:
        world.do(ticket, "leave_keys", ticket.holder)
        raise SystemExit("a technician made a desk's move")
    except NotAllowed:
        pass
    assert "钥匙存放物业" in page(client, f"/d/{link('d1')}/{ticket.id}")
    assert "钥匙已交物业保管" in page(client, f"/o/{access.token(access.own_grant(ticket.id))}")
""",
    "message": """
    world.sends = world.send_really
    ticket = world.report("卫生间漏水", email="owner@example.invalid")
    world.pump()
    for move in ("contact", "acknowledge", "arrive"):
        world.do(ticket, move)
    world.pump()
    assert [m.template for m in world.told(ticket)].count("has_arrived") == 1
    sent = str(world.provider.sent)
    assert "师傅已到" in sent and "现在开始维修" in sent
""",
}


def guide(name: str) -> Path:
    return next(ROOT.glob(f"docs/adding-a*-{name}.md"))


def carry_out(text: str, root: Path) -> int:
    """Make a guide's edits; how many."""
    edits = EDIT.findall(text)
    for name, below, more in edits:
        path = root / name
        was = path.read_text(encoding="utf-8")
        if not below:
            path.write_text(was + more, encoding="utf-8")
            continue
        found = re.search(rf"^{re.escape(below)}.*\n", was, re.M)
        assert found, f"{name} has no line that begins {below!r}"
        path.write_text(was[: found.end()] + more + was[found.end() :], encoding="utf-8")
    return len(edits)


@pytest.mark.parametrize("name", SEEN)
def test_what_is_added_by_the_steps_of_its_guide_alone_works(name: str, tmp_path: Path) -> None:
    for part in ("chalicelib", "infra/build", "tests/domain", "tests/world.py", "tests/fakes.py", "app.py"):
        source = ROOT / part
        target = tmp_path / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "compiled"))
        else:
            shutil.copy(source, target)
    text = guide(name).read_text(encoding="utf-8")
    assert carry_out(text, tmp_path) >= 3
    assert "test_adding.py" in text
    script = "from infra.build.catalogue import compile_all\ncompile_all()\n" + BEGIN + SEEN[name].lstrip("\n")
    env = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize("name", SEEN)
def test_without_its_guide_there_is_no_such_thing(name: str) -> None:
    """The examples are none of what ships: else the test above would prove nothing."""
    for path, _, more in EDIT.findall(guide(name).read_text(encoding="utf-8")):
        first = next(line for line in more.splitlines() if line.strip() and not line.startswith("msgctxt"))
        if not first.startswith("[["):
            assert first not in (ROOT / path).read_text(encoding="utf-8").splitlines(), f"{path}: {first}"
