"""E-mail: through SES, or an SMTP server where there is none (MAIL=smtp).

SMTP_HOST, SMTP_PORT          465 speaks TLS from the start, any other port turns to it by STARTTLS
SMTP_STARTTLS                 0: don't, for a relay in the same network
SMTP_USER, SMTP_PASSWORD      empty: no login
MAIL_FROM                     the sender of every e-mail
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.adapters.delivery import READ_SECONDS, NotDelivered
from chalicelib.adapters.settings import settings

if TYPE_CHECKING:
    from email.message import EmailMessage

# What SES says of an address or a text that no second try will change.
FINAL = frozenset({"MessageRejected", "InvalidParameterValue", "ValidationError"})
IMPLICIT_TLS = 465


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with an e-mail, such as a letter. `type`: application/pdf."""

    name: str
    type: str
    content: bytes


def send(to: str, subject: str, body: str) -> None:
    """Send a plain text. Raises NotDelivered."""
    if settings().mail == "smtp":
        _smtp(_made([to], [], subject, body))
    else:
        _ses(to, subject, body)


def send_with(to: str, copies: Sequence[str], subject: str, body: str, file: Attached) -> None:
    """Send a plain text with a file, to one and in copy to others. Raises NotDelivered."""
    letter = _made([to], copies, subject, body)
    main, _, sub = file.type.partition("/")
    letter.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    (_smtp if settings().mail == "smtp" else _ses_raw)(letter)


def _ses(to: str, subject: str, body: str) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    from chalicelib.adapters.aws import client

    text = {"Subject": {"Data": subject, "Charset": "UTF-8"}, "Body": {"Text": {"Data": body, "Charset": "UTF-8"}}}
    try:
        client("ses").send_email(Source=settings().mail_from, Destination={"ToAddresses": [to]}, Message=text)
    except ClientError as fault:
        code = fault.response.get("Error", {}).get("Code", "")
        raise NotDelivered(f"ses {code}", final=code in FINAL) from None
    except BotoCoreError as fault:
        raise NotDelivered(f"ses {type(fault).__name__}", final=False) from None


def _made(to: Sequence[str], copies: Sequence[str], subject: str, body: str) -> EmailMessage:
    from email.message import EmailMessage
    from email.utils import formatdate, make_msgid

    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = settings().mail_from, ", ".join(to), subject
    if copies:
        letter["Cc"] = ", ".join(copies)
    letter["Date"], letter["Message-ID"] = formatdate(), make_msgid(domain=settings().mail_from.rpartition("@")[2])
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(body)
    return letter


def _ses_raw(letter: EmailMessage) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    from chalicelib.adapters.aws import client

    try:
        client("ses").send_raw_email(Source=settings().mail_from, RawMessage={"Data": letter.as_bytes()})
    except ClientError as fault:
        code = fault.response.get("Error", {}).get("Code", "")
        raise NotDelivered(f"ses {code}", final=code in FINAL) from None
    except BotoCoreError as fault:
        raise NotDelivered(f"ses {type(fault).__name__}", final=False) from None


def _smtp(letter: EmailMessage) -> None:
    import smtplib
    import ssl

    host, port = os.environ.get("SMTP_HOST", ""), int(os.environ.get("SMTP_PORT") or IMPLICIT_TLS)
    user, password = os.environ.get("SMTP_USER", ""), os.environ.get("SMTP_PASSWORD", "")
    try:
        server: smtplib.SMTP
        if port == IMPLICIT_TLS:
            server = smtplib.SMTP_SSL(host, port, timeout=READ_SECONDS, context=ssl.create_default_context())
        else:
            server = smtplib.SMTP(host, port, timeout=READ_SECONDS)
        with server:
            if port != IMPLICIT_TLS and os.environ.get("SMTP_STARTTLS", "1") != "0":
                server.starttls(context=ssl.create_default_context())
            if user:
                server.login(user, password)
            server.send_message(letter)
    except smtplib.SMTPRecipientsRefused as fault:
        codes = [code for code, _ in fault.recipients.values()]
        raise NotDelivered(f"smtp {codes[0]}", final=min(codes) >= 500) from None
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as fault:
        raise NotDelivered(f"smtp {fault.smtp_code}", final=fault.smtp_code >= 500) from None
    except (smtplib.SMTPException, OSError) as fault:
        raise NotDelivered(f"smtp {type(fault).__name__}", final=False) from None
