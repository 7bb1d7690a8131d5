"""The system as `make run` starts it: it comes up, answers, keeps its data, and says in one line what is wrong."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml

from infra.build.package import package
from infra.local import deploy, run
from infra.local.anchor import DEMO_START
from infra.local.emulator import SAVED, EmulatorFailed
from infra.local.stack import ROOT, STOPPED, Stack, StackFailed, _cut_off

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stack")


@pytest.fixture(scope="module")
def stack(folder: Path) -> Iterator[Stack]:
    with Stack.start(folder) as started:
        yield started


def put(stack: Stack, pk: str, **attributes: str) -> None:
    item = {"pk": {"S": pk}, "sk": {"S": "HEAD"}, **{k: {"S": v} for k, v in attributes.items()}}
    stack.client("dynamodb").put_item(TableName=stack.outputs["Table"], Item=item)


def test_the_form_answers_at_the_front(stack):
    with urllib.request.urlopen(stack.url + "/", timeout=60) as answer:
        assert answer.status == 200
        assert "报事报修" in answer.read().decode()


def test_the_inbox_takes_uploads_from_pages_of_the_front(stack):
    rules = stack.client("s3").get_bucket_cors(Bucket=stack.outputs["Inbox"])["CORSRules"]
    assert rules[0]["AllowedOrigins"] == [stack.url]


def test_every_function_can_be_loaded(stack):
    """An empty event reaches the handler: nothing is missing from the zip, the name of the handler is right."""
    for name in ("Act", "Tell", "Send", "Photo", "Letter", "Export"):
        assert stack.invoke(name, {"Records": []}) in (None, {"batchItemFailures": []})
    for name in ("Sweep", "Reconcile", "Measure"):
        assert stack.invoke(name)["more"] is False


def test_the_commands_of_the_product_work_on_it_and_may_be_repeated(stack):
    first = run.load(stack)
    assert "新增" in first
    assert "新增" not in run.load(stack)
    addresses = run.write_addresses(stack)
    assert json.loads((stack.folder / "run.json").read_text()) == addresses
    assert {"front", "form", "mailbox", "desk", "work", "endpoint", "table"} <= set(addresses)
    with urllib.request.urlopen(addresses["desk"], timeout=60) as answer:
        assert answer.status == 200


def test_the_next_deadline_is_the_earliest_ahead_in_any_partition(stack):
    put(stack, "TICKET#a", dk="DUE#0", due="2026-03-01T00:00:00Z")
    put(stack, "TICKET#b", dk="DUE#3", due="2026-03-05T04:00:00Z")
    put(stack, "TICKET#c", dk="DUE#1", due="2026-03-06T00:00:00Z")
    due = stack.next_deadline()
    for name in "abc":
        key = {"pk": {"S": f"TICKET#{name}"}, "sk": {"S": "HEAD"}}
        stack.client("dynamodb").delete_item(TableName=stack.outputs["Table"], Key=key)
    assert due is not None
    assert due.isoformat() == "2026-03-05T04:00:00+00:00"


def test_advancing_moves_the_clock_of_the_functions(stack):
    before = stack.now()
    assert stack.advance(by=HOUR) >= before + HOUR
    assert stack.now() >= DEMO_START + HOUR


def test_a_second_start_on_the_same_data_is_refused(stack):
    with pytest.raises(StackFailed, match="it runs already"):
        Stack.start(stack.folder)


def test_a_taken_port_is_said(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StackFailed, match=f"port {port} is taken"):
            Stack.start(tmp_path, port=port)


def test_a_template_that_can_not_be_deployed_is_said_with_its_reason(stack, tmp_path):
    template = {"Resources": {"Wrong": {"Type": "AWS::No::Such", "Properties": {}}}}
    (tmp_path / "sam.yaml").write_text(yaml.safe_dump(template))
    (tmp_path / "deployment.zip").write_bytes(b"")
    with pytest.raises(deploy.DeployFailed, match="AWS::No::Such") as failed:
        deploy.deploy(stack.endpoint, tmp_path, "broken", {})
    assert "\n" not in str(failed.value)


def rest(folder: Path, how_long: timedelta) -> None:
    """Have it stopped so much earlier than it was."""
    time_file, alive = folder / "time.json", folder / "alive"
    record = json.loads(time_file.read_text())
    record["wall"] = (datetime.fromisoformat(record["wall"]) - how_long).isoformat()
    time_file.write_text(json.dumps(record))
    beat = alive.stat().st_mtime - how_long.total_seconds()
    os.utime(alive, (beat, beat))


def test_what_was_there_is_there_after_a_stop_and_time_stood_still(tmp_path):
    with Stack.start(tmp_path) as stack:
        put(stack, "TICKET#kept")
        stack.client("s3").put_object(Bucket=stack.outputs["Clean"], Key="photos/kept", Body=b"picture")
        stack.advance(by=HOUR)
        outputs, key, stopped = stack.outputs, (tmp_path / "grant.key").read_text(), stack.now()
    rest(tmp_path, 2 * HOUR)
    with Stack.start(tmp_path) as stack:
        assert stack.now() - stopped < HOUR
        assert {k: stack.outputs[k] for k in ("Table", "Clean", "Timer", "RestAPIId")} == {
            k: outputs[k] for k in ("Table", "Clean", "Timer", "RestAPIId")
        }
        stack.recover()
        assert (tmp_path / "grant.key").read_text() == key
        assert stack.variables("APIHandler")["PUBLIC_URL"] == stack.url
        found = stack.client("dynamodb").get_item(
            TableName=stack.outputs["Table"], Key={"pk": {"S": "TICKET#kept"}, "sk": {"S": "HEAD"}}
        )
        assert "Item" in found
        picture = stack.client("s3").get_object(Bucket=stack.outputs["Clean"], Key="photos/kept")
        assert picture["Body"].read() == b"picture"
        with urllib.request.urlopen(stack.url + "/", timeout=60) as answer:
            assert answer.status == 200


def test_run_stops_on_ctrl_c_and_leaves_nothing_behind(tmp_path):
    package(ROOT / "out")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "infra.local.run", "--port", str(port), "--folder", str(tmp_path), "--speed", "60"]
    going = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert going.stdout
    said = ""
    for line in going.stdout:
        said += line
        if "Ctrl-C" in line:
            break
    assert f"http://127.0.0.1:{port}/_mailbox" in said, said
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/_time.json", timeout=10) as answer:
        clock = json.load(answer)
    assert clock["speed"] == 60
    assert datetime.fromisoformat(clock["now"]) >= DEMO_START
    work = json.loads((tmp_path / "run.json").read_text())["work"]
    for role in ("office", "contractor", "worker", "third_party"):
        with urllib.request.urlopen(work[role], timeout=60) as answer:
            path = work[role].partition(f":{port}")[2]
            lists = re.findall(rf'href="(?:{re.escape(path)}|/[tw]/[\w-]+)/[0-9A-Z]{{26}}', answer.read().decode())
            assert lists, f"nothing is on the page of {role}"
    emulator = int((tmp_path / "port").read_text())
    going.send_signal(signal.SIGINT)
    assert going.wait(60) == 0, going.stdout.read()
    for gone in (port, emulator):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", gone)) != 0
    assert (tmp_path / "state" / "dynamodb.json").exists()


def test_an_emulator_that_dies_is_noticed(tmp_path):
    with Stack.start(tmp_path) as stack:
        os.kill(stack.emulator.process.pid, signal.SIGKILL)
        stack.emulator.process.wait()
        with pytest.raises(EmulatorFailed):
            stack.mailbox()
        with pytest.raises(EmulatorFailed):
            stack.next_deadline()
        assert not stack.emulator.running()


def test_a_full_disk_and_a_checkpoint_that_fails_are_said(stack, monkeypatch):
    assert stack.refusal() == ""
    usage = shutil.disk_usage(stack.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1 << 20))
    assert stack.refusal().startswith("the disk is full: 1 MB free")
    monkeypatch.undo()
    monkeypatch.setattr(stack, "_checkpoints", True)
    (stack.folder / SAVED).unlink()
    assert "nothing can be saved" in stack.refusal()
    (stack.folder / SAVED).touch()
    assert stack.refusal() == ""


def test_after_a_hard_kill_the_next_start_says_what_may_be_missing_and_after_a_stop_nothing(tmp_path):
    (tmp_path / "state").mkdir()
    state, alive = tmp_path / "state" / "dynamodb.json", tmp_path / "alive"
    assert _cut_off(tmp_path) == ""
    alive.touch()
    assert "nothing of it is left" in _cut_off(tmp_path)
    state.touch()
    os.utime(state, (1_772_413_200, 1_772_413_200))
    os.utime(alive, (1_772_413_207, 1_772_413_207))
    assert "up to 7 s" in _cut_off(tmp_path)
    (tmp_path / STOPPED).touch()
    assert _cut_off(tmp_path) == ""
