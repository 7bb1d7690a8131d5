"""A report to a person: on the telephone or at the counter the first contact is made with it."""

from __future__ import annotations

import pytest

from chalicelib.adapters import ids
from chalicelib.adapters.policies import policy
from chalicelib.domain.promises import promises
from chalicelib.domain.ticket import Actor, Role
from chalicelib.services import report
from tests.world import MONDAY, World


@pytest.mark.parametrize(("channel", "spoken"), [("phone", True), ("counter", True), ("email", False), ("web", False)])
def test_who_reports_to_a_person_has_been_contacted(world: World, channel: str, spoken: bool):
    sent = report.Report(ids.ulid(MONDAY), "U1", words="马桶堵了", phone="13900000001")
    taken = report.take(sent, MONDAY, Actor("d1", Role.DESK, channel=channel)).ticket
    assert taken.contacted is spoken
    response = next(p for p in promises(taken, policy()) if p.name == "response")
    assert response.running is not spoken
