"""The queue between telling and sending: FIFO, so that a message is in one pair of hands at a time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from chalicelib.adapters.aws import client
from chalicelib.adapters.settings import settings

BATCH = 10


def enqueue(messages: Iterable[tuple[str, str]]) -> None:
    """Queue (ticket, sort key) of messages to send. Raises when any was not taken; repeating is harmless."""
    entries = []
    for i, (ticket, sk) in enumerate(messages):
        mark = hashlib.sha256(f"{ticket}/{sk}".encode()).hexdigest()
        body = json.dumps({"ticket": ticket, "message": sk})
        entries.append({"Id": str(i), "MessageBody": body, "MessageGroupId": mark[:32], "MessageDeduplicationId": mark})
    for first in range(0, len(entries), BATCH):
        answer = client("sqs").send_message_batch(
            QueueUrl=settings().messages_url, Entries=entries[first : first + BATCH]
        )
        if answer.get("Failed"):
            raise RuntimeError(f"{len(answer['Failed'])} messages were not queued")
