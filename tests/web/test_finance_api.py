"""Finance's API: keys with verbs, batches, acknowledgement, settlements; problems, paging, and what is sent twice."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
import requests
import schemathesis
import urllib3
from chalice.local import ForbiddenError
from chalice.test import Client, HTTPResponse
from hypothesis import Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app import app
from chalicelib.adapters import archive
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role
from chalicelib.services.contractor import office
from chalicelib.services.money import batches, machines, making, periods, sealing
from chalicelib.services.record import record
from chalicelib.web.finance.openapi import document
from tests.services.money import owed
from tests.services.money.owed import act, invoiced, noticed, of_case, packed
from tests.world import World
from tests.world import world as fresh_world

ALL = frozenset(machines.VERBS)
SEALER = Actor("f2", Role.FINANCE)


@pytest.fixture
def here(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    for kept in (office, batches):
        kept.forget()
    monkeypatch.setattr(archive, "keep_file", lambda key, path: True)
    monkeypatch.setattr(archive, "keep", lambda key, content: True)
    monkeypatch.setattr(archive, "presigned_file", lambda key, name: f"https://files.example.com/{name}")
    return owed.settle(world)


class Machine:
    """A machine with a key."""

    def __init__(self, browser: Client, key: str) -> None:
        self.browser, self.key = browser, key

    def get(self, path: str) -> HTTPResponse:
        return self.browser.http.get(f"/finance{path}", headers={"Authorization": f"Bearer {self.key}"})

    def post(self, path: str, body: Any = None, mark: str = "") -> HTTPResponse:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": mark} if mark else {}
        sent = b"" if body is None else json.dumps(body).encode()
        return self.browser.http.post(f"/finance{path}", headers=headers, body=sent)


@pytest.fixture
def machine(here: World, browser: Client) -> Machine:
    return Machine(browser, machines.make("E1", "erp", ALL, here.at))


def sealed(world: World) -> str:
    """A batch of one firm deduction; its case."""
    case = invoiced(world)
    noticed(world, case)
    act(world, case, "agree", "C1.k1", total=of_case(case).total)
    packed(world, case)
    periods.open_one("E1", "2026-03", SEALER, world.at)
    making.go_on(sealing.seal("E1", SEALER, world.at, period="2026-03", key="k1").id, world.at)
    return case


def settlement(case: str, **more: Any) -> dict[str, Any]:
    booked = {"deduction": of_case(case).number, "voucher": "记-31", "posted": "2026-03-28", "period": "2026-03"}
    return {**booked, "source": "retention", "fen": 60_000, **more}


def test_without_a_key_or_with_a_wrong_one_there_is_nothing_and_who_guesses_is_slowed(
    here: World, browser: Client
) -> None:
    answer = Machine(browser, "").get("/batches")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json_body["status"] == 401
    guesses = [Machine(browser, f"bx_{'a' * 43}").get("/batches").status_code for _ in range(45)]
    assert guesses[0] == 401
    assert guesses[-1] == 429


def test_a_key_does_what_its_verbs_say_is_rotated_and_revoked(here: World, browser: Client) -> None:
    key = machines.make("E1", "reader", frozenset({"read"}), here.at)
    one = Machine(browser, key)
    assert one.get("/batches").json_body == {"items": [], "next": None}
    assert one.post("/settlements", {"settlements": []}).status_code == 403
    with pytest.raises(machines.Taken):
        machines.make("E1", "reader", ALL, here.at)
    second = machines.rotate("E1", "reader", here.at)
    assert one.get("/batches").status_code == 401
    assert Machine(browser, second).get("/batches").status_code == 200
    machines.revoke("E1", "reader")
    assert Machine(browser, second).get("/batches").status_code == 401
    assert not any(key.partition("_")[2] in str(row) for part in here.table.parts.values() for row in part.values())


def test_no_key_can_approve_or_seal_anything() -> None:
    assert frozenset(machines.VERBS) == {"read", "acknowledge", "settle"}
    assert {path for path in document()["paths"] if "seal" in path or "approve" in path} == set()


def test_a_batch_is_read_with_its_files_and_acknowledged_once(here: World, machine: Machine) -> None:
    sealed(here)
    [item] = machine.get("/batches").json_body["items"]
    assert (item["number"], item["fen"], item["state"]) == ("E1-B-2026-0001", 69_400, "made")
    one = machine.get("/batches/E1-B-2026-0001").json_body
    assert {file["name"].rpartition(".")[2] for file in one["files"]} >= {"csv", "xlsx", "json"}
    assert all(len(file["sha256"]) == 64 for file in one["files"])
    first, again = (machine.post("/batches/E1-B-2026-0001/acknowledge", mark="ack-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json_body["state"] == "acknowledged"
    assert machine.post("/batches/E1-B-2026-0001/acknowledge", mark="ack-2").status_code == 409


def test_the_evidence_pack_is_read_by_the_deductions_number(
    here: World, machine: Machine, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "presigned_get", lambda key, name: f"https://files.example.com/{key}")
    number = of_case(sealed(here)).number
    assert machine.get(f"/evidence/{number}").json_body == {
        "deduction": number,
        "sha256": "e" * 64,
        "bytes": 1_234_567,
        "url": f"https://files.example.com/evidence/E1/{'e' * 64}.pdf",
    }
    assert machine.get("/evidence/E1-K-2026-0999").status_code == 404
    stranger = Machine(browser, machines.make("E2", "erp", ALL, here.at))
    assert stranger.get(f"/evidence/{number}").status_code == 404


def test_another_entity_s_batch_is_not_there(here: World, browser: Client) -> None:
    sealed(here)
    other = Machine(browser, machines.make("E2", "erp", ALL, here.at))
    assert other.get("/batches/E1-B-2026-0001").status_code == 404
    assert other.get("/batches").json_body["items"] == []
    assert other.post("/batches/E1-B-2026-0001/acknowledge").status_code == 404


def test_settlements_are_booked_once_and_never_in_part(here: World, machine: Machine) -> None:
    case = sealed(here)
    wrong = [settlement(case), settlement(case, voucher="记-32", fen=999_999)]
    refused = machine.post("/settlements", {"settlements": wrong})
    assert refused.status_code == 422
    assert [fault["row"] for fault in refused.json_body["faults"]] == [2]
    assert of_case(case).recovered == {}
    right = {"settlements": [settlement(case)]}
    assert machine.post("/settlements", right, "m1").json_body == {"rows": 1, "booked": 1, "known": 0}
    assert machine.post("/settlements", right, "m1").json_body == {"rows": 1, "booked": 1, "known": 0}
    assert machine.post("/settlements", right, "m2").json_body == {"rows": 1, "booked": 0, "known": 1}
    other = {"settlements": [settlement(case, voucher="记-40", fen=1)]}
    assert machine.post("/settlements", other, "m1").status_code == 422
    assert of_case(case).recovered == {"retention": 60_000}


def test_rows_that_no_file_could_hold_are_refused_here_too_before_any_is_booked(here: World, machine: Machine) -> None:
    case = sealed(here)
    for rows, fault in (
        ([settlement(case, fen=100), settlement(case, fen=200)], (2, "voucher")),
        ([settlement(case), settlement(case)], (2, "voucher")),
        ([settlement(case), settlement(case, voucher="记-32", posted="2026-02-28")], (2, "period")),
    ):
        refused = machine.post("/settlements", {"settlements": rows})
        assert refused.status_code == 422
        assert [(its["row"], its["field"]) for its in refused.json_body["faults"]] == [fault]
        assert of_case(case).recovered == {}
    assert machine.post("/settlements", {"settlements": [settlement(case, fen=100)]}).json_body["booked"] == 1
    spaced = {"settlements": [settlement(case, fen=100, voucher=" 记-31 ")]}
    assert machine.post("/settlements", spaced).json_body == {"rows": 1, "booked": 0, "known": 1}


def test_what_was_booked_before_another_row_was_overtaken_is_said(
    here: World, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = sealed(here)
    perform = record.perform

    def overtaken(command: Command, *more: Any, **named: Any) -> Any:
        if command.data.get("voucher") == "记-32":
            raise IllegalMove("illegal_move")
        return perform(command, *more, **named)

    monkeypatch.setattr(record, "perform", overtaken)
    rows = [settlement(case, fen=100), settlement(case, fen=100, voucher="记-32")]
    answer = machine.post("/settlements", {"settlements": rows})
    assert answer.status_code == 422
    assert answer.json_body["detail"] == "1 rows were booked, and not these."
    assert [fault["row"] for fault in answer.json_body["faults"]] == [2]
    assert of_case(case).recovered == {"retention": 100}


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"settlements": "x"},
        {"settlements": [1]},
        {"settlements": [{}]},
        {"settlements": [[]]},
        "x",
        1e999,
    ],
)
def test_what_is_no_settlement_is_a_problem_of_who_sent_it(here: World, machine: Machine, body: Any) -> None:
    answer = machine.post("/settlements", body)
    assert answer.status_code == 400
    assert answer.json_body["title"] == "Bad request"


@pytest.mark.parametrize("raw", [b"[" * 100_000, b'{"settlements": [{"deduction": "\\ud800"}]}', b"\xff"])
def test_hostile_bytes_are_a_problem_of_who_sent_them(here: World, machine: Machine, raw: bytes) -> None:
    headers = {"Authorization": f"Bearer {machine.key}"}
    assert machine.browser.http.post("/finance/settlements", headers=headers, body=raw).status_code == 400


def test_a_letter_that_can_not_be_written_is_refused(here: World, machine: Machine) -> None:
    case = sealed(here)
    assert machine.post("/settlements", {"settlements": [settlement(case, voucher="\ud800")]}).status_code == 400


def test_what_is_answered_again_has_addresses_that_are_good_by_then(
    here: World, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(here)
    machine.post("/batches/E1-B-2026-0001/acknowledge", mark="ack-1")
    monkeypatch.setattr(archive, "presigned_file", lambda key, name: f"https://later.example.com/{name}")
    again = machine.post("/batches/E1-B-2026-0001/acknowledge", mark="ack-1").json_body
    assert all(file["url"].startswith("https://later.example.com/") for file in again["files"])


def test_a_page_goes_on_where_the_one_before_ended_and_never_at_another_entity_s(here: World, browser: Client) -> None:
    sealed(here)
    theirs = Machine(browser, machines.make("E2", "erp", ALL, here.at))
    spot = base64.urlsafe_b64encode(b"2026#000000002").decode()
    assert theirs.get(f"/batches?cursor={spot}").json_body == {"items": [], "next": None}


@pytest.mark.parametrize("query", ["?limit=0", "?limit=x", "?limit=201", "?cursor=x", "?cursor=bnVsbA=="])
def test_a_page_that_can_not_be_is_refused(here: World, machine: Machine, query: str) -> None:
    assert machine.get(f"/batches{query}").status_code == 400


def test_the_description_needs_no_key_and_names_every_route(here: World, browser: Client) -> None:
    served = browser.http.get("/finance/openapi.json").json_body
    assert served == document()
    there = {path for path in app.routes if path.startswith("/finance/")} - {"/finance/openapi.json"}
    assert set(served["paths"]) == there


HOLDS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
DESCRIBED = schemathesis.openapi.from_dict(document())


@DESCRIBED.parametrize()
@settings(max_examples=12, database=None, phases=(Phase.explicit, Phase.generate))
def test_what_the_description_says_is_what_is_answered(case: schemathesis.Case) -> None:
    """Whatever is sent, sound or not: no fault of ours, and every answer is one that the description names."""
    if case.method.upper() != case.operation.method.upper():  # other methods are the gateway's to refuse
        return
    with fresh_world() as world, Client(app) as browser:
        owed.settle(world)
        machine = Machine(browser, machines.make("E1", "erp", ALL, world.at))
        asked = case.as_transport_kwargs(base_url="https://api.invalid")
        made = requests.Request(
            asked["method"], asked["url"], params=asked.get("params"), json=asked.get("json"), data=asked.get("data")
        ).prepare()
        path = made.path_url
        headers = {**asked.get("headers", {}), "Authorization": f"Bearer {machine.key}"}
        body = made.body if isinstance(made.body, bytes) else str(made.body or "").encode()
        try:
            answer = browser.http.request(made.method, path, headers=dict(headers), body=body)
        except ForbiddenError:  # a path that the gateway has no route for
            return
        seen = requests.Response()
        seen.status_code, seen._content, seen.request, seen.url = answer.status_code, answer.body, made, made.url
        said = {name: str(value) for name, value in answer.headers.items()}
        seen.headers.update(said)
        seen.raw = urllib3.HTTPResponse(headers=said, status=answer.status_code)
        case.validate_response(seen, checks=HOLDS)
