"""Messages that stand on no ticket, from the wish to the provider.

    ask       somebody typed a phone: its code, if anything here belongs to that phone; else nothing, and nobody is told
    invite    a person who works here: their own link, or a code in its place

Both write an invitation; the stream's reader queues it, and `send` sends it. So whoever asks waits as long for a phone
that is unknown as for one that is known. A code opens what belongs to the phone once, within half an hour.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.adapters import mail, sms
from chalicelib.adapters.delivery import NotDelivered
from chalicelib.adapters.settings import settings
from chalicelib.domain.record import phone as phones_form
from chalicelib.domain.record.errors import Invalid
from chalicelib.language import wording
from chalicelib.services.access import access, codes, mine, session
from chalicelib.services.record.sending import DAY_SECONDS, Outcome
from chalicelib.store import beginnings, grants, invitations, people, phones, throttles
from chalicelib.store.grants import Grant
from chalicelib.store.invitations import Invitation
from chalicelib.store.people import Staff

CODE_VALID = timedelta(minutes=30)
LIST_VALID = timedelta(hours=24)
# How many codes are asked for in so many seconds: from one address, and for one phone.
ASKS = (("address", 900, 10), ("phone", 3600, 3), ("phone", 86400, 8))


def ask(typed: str, lang: str, address: str, at: datetime) -> None:
    """A code for a phone. The same whoever's it is. Raises Invalid, TooOften."""
    try:
        number = phones_form.kept(typed, abroad=settings().sms_abroad)
    except phones_form.NoPhone as none:
        raise Invalid("phone", none.reason if typed.strip() else "required") from None
    number = phones_form.compared(number)
    codes.count("ask", ASKS, {"address": address, "phone": number}, at)
    invitations.add(Invitation(access.hidden("phone", number), at.replace(microsecond=0), number, lang))


def invite(person: str, at: datetime) -> bool:
    """Send somebody who works here their own link, and note it; False where it was asked for in this second already."""
    staff = people.get(person)
    if staff is None or not invitations.add(Invitation(person, at.replace(microsecond=0))):
        return False
    beginnings.sent(_home(staff), person, staff.link)
    return True


def phone_grant(number: str, at: datetime) -> Grant:
    """What opens the tickets of a phone, for a day. `holder`: its hashes under every key."""
    hashes = access.ever_hidden("phone", number)
    expires = int((at + LIST_VALID).timestamp())
    return Grant(f"phone/{hashes[0]}", "phone", ",".join(hashes), generation=int(at.timestamp()), expires=expires)


def send(who: str, sk: str, at: datetime, *, last: bool = False) -> Outcome:
    """Send an invitation. Raises NotDelivered while a further try may help. May run twice: it is the same code then."""
    invitation = invitations.get(who, sk)
    if invitation is None or invitation.state != "queued":
        return Outcome("known")
    try:
        via = _sent(invitation, at)
    except NotDelivered as fault:
        if not (last or fault.final):
            raise
        invitations.done(invitation, "failed")
        _not_sent(invitation)
        return Outcome("failed", cause=fault.cause)
    invitations.done(invitation, "sent" if via else "skipped")
    if not via:
        _not_sent(invitation)
    return Outcome("sent" if via else "skipped", via)


def _sent(invitation: Invitation, at: datetime) -> str:
    if invitation.who.startswith(session.PREFIX):
        return _sign_in(invitation, at)
    return _code(invitation, at) if invitation.phone else _link(invitation, at)


def _sign_in(invitation: Invitation, at: datetime) -> str:
    """The code by which somebody signs in, to the address that the list names; "" where it comes too late."""
    staff = people.get(invitation.who.removeprefix(session.PREFIX))
    if staff is None or not staff.person.active or at > invitation.when + session.CODE_VALID:
        return ""
    code = session.keep(invitation.who, invitation.sk, invitation.when)
    minutes, signature = int(session.CODE_VALID.total_seconds() // 60), settings().sms_signature
    text, parameters = wording.sign_in_code(code, minutes, staff.lang, signature)
    if phones_form.is_sent_to(staff.phone):
        sms.send(staff.phone, sms.Text(text, f"sign_in.plain.{staff.lang}", parameters))
        return "sms"
    if not staff.email:
        return ""
    mail.send(staff.email, text.partition("\u3011")[2], text)
    return "mail"


def _home(staff: Staff) -> str:
    return staff.person.team.partition("/")[0]


def _not_sent(invitation: Invitation) -> None:
    """Take back the note that somebody has their own link."""
    signing_in = invitation.who.startswith(session.PREFIX)
    if not invitation.phone and not signing_in and (staff := people.get(invitation.who)):
        beginnings.sent(_home(staff), staff.id, 0)


def _code(invitation: Invitation, at: datetime) -> str:
    """The way that took the code; "" where nothing here belongs to the phone, or it comes too late to be of use."""
    number, lang = invitation.phone, invitation.lang
    hashes = access.ever_hidden("phone", number)
    if at > invitation.when + CODE_VALID or not (_stands(hashes) or phones.reported(hashes, limit=1)):
        return ""
    if number.startswith("+") and not throttles.allowed("sms-abroad", "", at, DAY_SECONDS, settings().sms_abroad_daily):
        return ""
    grant = phone_grant(number, invitation.when)
    grants.put(grant, access.hash_of(access.token(grant)))
    code = codes.code_of(invitation.who, invitation.sk)
    codes.keep(number, code, grant, invitation.when, CODE_VALID)
    text, parameters = wording.phone_code(code, int(CODE_VALID.total_seconds() // 60), lang, settings().sms_signature)
    sms.send(number, sms.Text(text, f"phone_code.plain.{lang}", parameters))
    return "sms"


def _stands(hashes: list[str]) -> bool:
    found = phones.stands(hashes)
    return bool(found.units or found.staff)


def _link(invitation: Invitation, at: datetime) -> str:
    staff = people.get(invitation.who)
    if staff is None or not staff.person.active:
        return ""
    now, lang = settings(), staff.lang
    grant = access.staff_grant(staff.id, staff.person.team, staff.link)
    link = f"{now.public_url}{mine.page_of(staff)}"
    if not phones_form.is_sent_to(staff.phone):
        if not staff.email:
            return ""
        letter = wording.own_link_mail(staff.person.name, link, lang, now.sms_signature)
        mail.send(staff.email, letter.subject, letter.body)
        return "mail"
    form, carried = "link", {"link": link}
    if now.sms_form == "code":
        code = codes.code_of(invitation.who, invitation.sk)
        codes.keep(staff.phone, code, grant, at)
        form, carried = "code", {"code": code, "page": f"{now.public_url}/c"}
    text = wording.own_link(form, lang, now.sms_signature, **carried)
    sms.send(staff.phone, sms.Text(text, f"own_link.{form}.{lang}", carried))
    return "sms"
