"""The queue between telling and sending: FIFO, so that a message is in one pair of hands at a time."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from datetime import timedelta

from chalicelib.adapters.aws import client
from chalicelib.adapters.settings import settings
from chalicelib.adapters.time import now, to_wall

BATCH = 10


def enqueue(messages: Iterable[tuple[str, str]]) -> None:
    """Queue (record, sort key) of messages to send. Raises when any was not taken; repeating is harmless."""
    entries = []
    for i, (record, sk) in enumerate(messages):
        mark = hashlib.sha256(f"{record}/{sk}".encode()).hexdigest()
        body = json.dumps({"record": record, "message": sk})
        entries.append({"Id": str(i), "MessageBody": body, "MessageGroupId": mark[:32], "MessageDeduplicationId": mark})
    for first in range(0, len(entries), BATCH):
        answer = client("sqs").send_message_batch(
            QueueUrl=settings().messages_url, Entries=entries[first : first + BATCH]
        )
        if answer.get("Failed"):
            raise RuntimeError(f"{len(answer['Failed'])} messages were not queued")


def come_again(receipt: str, wait: timedelta) -> None:
    """Let what was received and failed come again after `wait`, not after the queue's own long time-out.

    Each message is in a group of its own: it holds up no other meanwhile.
    """
    at = now()
    seconds = max(1, math.ceil((to_wall(at + wait) - to_wall(at)).total_seconds()))
    client("sqs").change_message_visibility(
        QueueUrl=settings().messages_url, ReceiptHandle=receipt, VisibilityTimeout=seconds
    )
