"""Every SMS and e-mail that the system sent, as its recipient would have it."""

import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from infra.local.anchor import Anchor
from infra.local.emulator import Emulator

LINK = re.compile(r"https?://[!-~]*[A-Za-z0-9/_~-]")  # up to the last sign that is no punctuation


@dataclass(frozen=True)
class Message:
    """One message; `at` is simulated time, ISO 8601 in UTC."""

    at: str
    kind: str
    to: str
    subject: str
    text: str
    links: list[str]
    id: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def messages(emulator: Emulator, anchor: Anchor, to: str = "") -> list[Message]:
    """All messages, newest first; with `to` only those whose recipient contains it. Raises EmulatorFailed."""
    found = [*_sms(emulator, anchor), *_mail(emulator, anchor)]
    found.sort(key=lambda message: message.at, reverse=True)
    return [message for message in found if to in message.to]


def _sms(emulator: Emulator, anchor: Anchor) -> list[Message]:
    answer: Any = emulator.get("/_ministack/sns/sms-messages")
    return [
        _message(anchor, record.get("Timestamp"), "sms", phone, "", record["Message"], record["MessageId"])
        for phone, records in answer["sms_messages"].items()
        for record in records
    ]


def _mail(emulator: Emulator, anchor: Anchor) -> list[Message]:
    answer: Any = emulator.get("/_ministack/ses/messages")
    return [
        _message(
            anchor,
            record["Timestamp"],
            "mail",
            ", ".join([*record["To"], *record["CC"], *record["BCC"]]),
            record["Subject"],
            record["BodyText"] or re.sub(r"<[^>]+>", "", record["BodyHtml"] or ""),
            record["MessageId"],
        )
        for records in answer["messages"].values()
        for record in records
    ]


def _message(anchor: Anchor, stamp: Any, kind: str, to: str, subject: str, text: str, id: str) -> Message:
    at = anchor.simulated(_wall(stamp)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Message(at, kind, to, subject, text, LINK.findall(text), id)


def _wall(stamp: Any) -> datetime:
    """The emulator tells times as seconds or as ISO text."""
    if isinstance(stamp, int | float):
        return datetime.fromtimestamp(stamp, UTC)
    at = datetime.fromisoformat(str(stamp)) if stamp else datetime.now(UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
