"""What the deployment says, from the environment that `infra/resources.yaml` sets.

TABLE_NAME, INBOX_BUCKET, CLEAN_BUCKET, ORIGINALS_BUCKET, LETTERS_BUCKET, FACTS_BUCKET, MESSAGES_URL, PRESS_URL,
EXPORTS_URL, TIMER_ARN                             parts of the stack
PUBLIC_URL         what links begin with, short enough for an SMS
OBJECTS_ORIGIN     where photos are uploaded to and shown from, for the content security policy
GRANT_KEY          the key that links are derived with, 32 letters or more; there is none by default
GRANT_KEY_BEFORE   the keys before it, the newest first, with commas between: what they made still opens
TRUSTED_PROXIES    networks of a CDN in front, with commas between; nobody else says who asks
STAGE              aws | local
MAIL, SMS          ses | smtp, sns | http          SMS_FORM   link | code          SEAL   hand | http
SMS_ABROAD         what phones of other countries may begin with, such as 852,853; none: only the mainland's are taken
SMS_ABROAD_DAILY   how many SMS a day go to them at most
MAIL_FROM, SMS_SIGNATURE, SMTP_…, SMS_HTTP_…       see `mail.py`, `sms.py`
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Settings:
    table: str
    inbox: str
    clean: str
    originals: str
    letters: str
    facts: str
    messages_url: str
    press_url: str
    exports_url: str
    timer_arn: str
    public_url: str
    objects_origin: str
    trusted_proxies: str
    grant_keys: tuple[bytes, ...]  # the one in force first
    stage: str
    mail: str
    sms: str
    seal: str
    sms_form: str
    mail_from: str
    sms_signature: str
    sms_abroad: tuple[str, ...]
    sms_abroad_daily: int


@cache
def settings() -> Settings:
    e = os.environ.get
    return Settings(
        table=e("TABLE_NAME", "baoxiu"),
        inbox=e("INBOX_BUCKET", ""),
        clean=e("CLEAN_BUCKET", ""),
        originals=e("ORIGINALS_BUCKET", ""),
        letters=e("LETTERS_BUCKET", ""),
        facts=e("FACTS_BUCKET", ""),
        messages_url=e("MESSAGES_URL", ""),
        press_url=e("PRESS_URL", ""),
        exports_url=e("EXPORTS_URL", ""),
        timer_arn=e("TIMER_ARN", ""),
        public_url=e("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
        objects_origin=e("OBJECTS_ORIGIN", ""),
        trusted_proxies=e("TRUSTED_PROXIES", ""),
        grant_keys=(e("GRANT_KEY", "").encode(), *filter(None, e("GRANT_KEY_BEFORE", "").encode().split(b","))),
        stage=e("STAGE", "local"),
        mail=e("MAIL", "ses"),
        sms=e("SMS", "sns"),
        seal=e("SEAL", "hand"),
        sms_form=e("SMS_FORM", "link"),
        mail_from=e("MAIL_FROM", "baoxiu@example.com"),
        sms_signature=e("SMS_SIGNATURE", "保修"),
        sms_abroad=tuple(e("SMS_ABROAD", "").replace("+", " ").replace(",", " ").split()),
        sms_abroad_daily=int(e("SMS_ABROAD_DAILY", "20")),
    )
