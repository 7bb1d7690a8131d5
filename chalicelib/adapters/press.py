"""The queue of PDFs that are to be made, letters first: another than that of messages, so that neither waits for the
other.

NotQueued   the queue did not take it: whoever asks again later will do
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from chalicelib.adapters.aws import client
from chalicelib.adapters.settings import settings


class NotQueued(Exception):
    """The queue does not answer."""


def enqueue(number: str) -> None:
    """Ask for the PDF of a letter. Asking again is harmless: it is made once. Raises NotQueued."""
    ask({"letter": number})


def ask(wanted: Mapping[str, str]) -> None:
    """Ask for what its function knows how to make: {"letter"}, {"pack"}, {"statement"}. Raises NotQueued."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        client("sqs").send_message(QueueUrl=settings().press_url, MessageBody=json.dumps(wanted))
    except (BotoCoreError, ClientError, ConnectionError) as fault:
        raise NotQueued(type(fault).__name__) from fault
