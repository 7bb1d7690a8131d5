"""SMS: through SNS, or a gateway of a carrier (SMS=http) where there is none or where templates are registered.

SMS_HTTP_URL       gets a POST of {"to", "template", "parameters", "signature", "text"} as JSON; 2xx takes it
SMS_HTTP_KEY       who we are: `Authorization: Bearer <key>`
SMS_HTTP_SECRET    signs the body: `X-Signature: <hex of HMAC-SHA256>`; empty: not signed
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.adapters.delivery import READ_SECONDS, NotDelivered
from chalicelib.adapters.settings import settings
from chalicelib.domain.record.phone import MAINLAND, NoPhone, is_sent_to, kept

FINAL = frozenset({"InvalidParameter", "InvalidParameterValue", "OptedOut", "ValidationException", "EndpointDisabled"})
RETRY = frozenset({408, 425, 429})  # of the answers below 500


@dataclass(frozen=True, slots=True)
class Text:
    """An SMS as rendered (`text`), and as a registered template with its parameters."""

    text: str
    template: str
    parameters: Mapping[str, str] = field(default_factory=dict)


def send(phone: str, text: Text) -> None:
    """Send to a phone number. Raises NotDelivered."""
    (_http if settings().sms == "http" else _sns)(international(phone), text)


def international(phone: str) -> str:
    """As it is dialled from anywhere. Raises NotDelivered for what no SMS can or may reach, whenever it was kept."""
    try:
        number = kept(phone, abroad=settings().sms_abroad, hotline=True)
    except NoPhone as none:
        raise NotDelivered(none.reason, final=True) from None
    if not is_sent_to(number):
        raise NotDelivered("landline", final=True)
    return number if number.startswith("+") else MAINLAND + number


def _sns(phone: str, text: Text) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    from chalicelib.adapters.aws import client

    kind = {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}}
    try:
        client("sns").publish(PhoneNumber=phone, Message=text.text, MessageAttributes=kind)
    except ClientError as fault:
        code = fault.response.get("Error", {}).get("Code", "")
        raise NotDelivered(f"sns {code}", final=code in FINAL) from None
    except BotoCoreError as fault:
        raise NotDelivered(f"sns {type(fault).__name__}", final=False) from None


def _http(phone: str, text: Text) -> None:
    import hmac
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    document = {
        "to": phone,
        "template": text.template,
        "parameters": dict(text.parameters),
        "signature": settings().sms_signature,
        "text": text.text,
    }
    body = json.dumps(document, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Authorization": f"Bearer {os.environ.get('SMS_HTTP_KEY', '')}",
    }
    if secret := os.environ.get("SMS_HTTP_SECRET", ""):
        headers["X-Signature"] = hmac.digest(secret.encode(), body, "sha256").hex()
    try:
        request = Request(os.environ.get("SMS_HTTP_URL", ""), data=body, headers=headers, method="POST")
        with urlopen(request, timeout=READ_SECONDS):
            return
    except HTTPError as fault:
        final = 400 <= fault.code < 500 and fault.code not in RETRY
        fault.close()
        raise NotDelivered(f"gateway {fault.code}", final=final) from None
    except (OSError, HTTPException, ValueError) as fault:
        raise NotDelivered(f"gateway {type(fault).__name__}", final=False) from None
