"""The mailbox reads what the emulator keeps of SMS and e-mail, in simulated time."""

from datetime import UTC, datetime
from typing import Any

import pytest

from infra.local.anchor import Anchor
from infra.local.mailbox import messages

MAIL = {
    "messages": {
        "000000000000": [
            {
                "MessageId": "m1",
                "To": ["zhang@example.invalid"],
                "CC": [],
                "BCC": [],
                "Subject": "工单",
                "BodyText": "请看 http://127.0.0.1:8000/g/abc-_1,谢谢。",
                "BodyHtml": None,
                "Timestamp": 0.0,
            }
        ]
    }
}
SMS = {"sms_messages": {"+8610000000001": [{"MessageId": "s1", "Message": "【保修】您好", "Timestamp": 0.0}]}}


class Emulator:
    def __init__(self, at: datetime) -> None:
        MAIL["messages"]["000000000000"][0]["Timestamp"] = at.timestamp()
        SMS["sms_messages"]["+8610000000001"][0]["Timestamp"] = at.timestamp() + 1

    def get(self, path: str) -> Any:
        return MAIL if "ses" in path else SMS


@pytest.fixture
def found(tmp_path):
    anchor = Anchor.open(tmp_path / "time.json", speed=60)
    emulator: Any = Emulator(datetime.now(UTC))
    return lambda to="": messages(emulator, anchor, to)


def test_newest_first_in_simulated_time(found):
    assert [(message.kind, message.at[:16]) for message in found()] == [
        ("sms", "2026-03-02T01:01"),
        ("mail", "2026-03-02T01:00"),
    ]


def test_links_end_where_the_words_go_on(found):
    assert found("zhang")[0].links == ["http://127.0.0.1:8000/g/abc-_1"]


def test_filtered_by_recipient(found):
    assert [message.id for message in found("+86100")] == ["s1"]
