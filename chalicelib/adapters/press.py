"""The queue of letters whose PDF is to be made: another than that of messages, so that neither waits for the other."""

from __future__ import annotations

import json

from chalicelib.adapters.aws import client
from chalicelib.adapters.settings import settings


def enqueue(number: str) -> None:
    """Ask for the PDF of a letter. Asking again is harmless: it is made once."""
    client("sqs").send_message(QueueUrl=settings().press_url, MessageBody=json.dumps({"letter": number}))
