"""Why something was refused, as one clear sentence with the way out: all reasons of `domain.errors.Refused`.

A sentence for a field stands under `field.reason`; what is not in the table at all is said by `OTHERWISE`.
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.record.errors import Refused
from chalicelib.language.catalogue import catalogue

OTHERWISE = "That did not work. Please check what you entered and try again."
SENTENCES: Mapping[str, str] = {
    # what a field lacks
    "required": "This is needed. Please fill it in.",
    "place.required": "Please choose the place: project, building, then the unit.",
    "place_closed": "This place is used no more. Please choose the one it is now.",
    "kind.required": "Please choose what this is about.",
    "reporter.required": "Please say who is reporting.",
    "words.required": "Please write a few words.",
    "wait_needs_day": "Please choose the day until which it has to wait.",
    "wait_too_long": "Please choose a day within the next {limit} days.",
    "nobody_came": "Nobody at home: only after you arrived, or once an agreed time has begun.",
    "nobody_there": "Nobody works in this department at the moment. Please choose another, or answer it yourself.",
    "person.required": "Please choose a person.",
    "reason.required": "Please choose a reason from the list.",
    "window.required": "Please choose one of the times.",
    "windows.required": "Please enter at least one time.",
    "signature.required": "Please sign in the box with your finger.",
    "scores.required": "Please give all four scores, 1 to 5 stars each.",
    "fixed.required": "Please say whether it is really fixed.",
    "tried_lately": "The last try is less than %(minutes)s minutes ago. Please try again later.",
    "satisfied.required": "Please say whether it is settled.",
    "priority.required": "Please choose a priority.",
    "category.required": "Please choose a category.",
    "until.required": "Please enter the date by which it will be done.",
    "level.required": "Please choose the desk to ask.",
    "to.required": "Please say which department it goes to.",
    "how.required": "Please say how you reached the owner.",
    "channel.required": "Please choose how the report came in.",
    "answer.required": "Please write the answer.",
    "number.required": "Please type the ticket number from your message.",
    "code.required": "Please type the code from your message.",
    "words_or_photo": "Please describe the fault in a few words, or add a photo.",
    "phone_or_email": "Please leave a phone number or an e-mail address so that we can reach you.",
    "consent_needed": "Please agree to the use of your details, or phone the front desk instead.",
    "checklist_required": "Please tick what is marked as needed, or say why it does not apply.",
    "after_photo_needed": "This kind of work needs a photo of the finished result. Please add one.",
    "after_photo_refused": "The photo that was sent could not be read. Please take another one of the result.",
    "cause.required": "Please name the cause.",
    "finding_photo_needed": "Please take a photo of the cause.",
    "finding_photo_refused": "The photo that was sent could not be read. Please take another one of the cause.",
    "shares.required": "Please say who bears it: the parts make 100 % together.",
    "not_a_hundred": "The parts make {sum} % and must make 100 %.",
    "no_percent": "A part is a whole number from 1 to 100.",
    "party_twice": "A party stands there twice.",
    "common_part": "No owner pays for a common part. After the warranty, that is what the maintenance fund is for.",
    "fund_in_flat": "The maintenance fund is for common parts, not for what is inside a flat.",
    "document_needed": "Please add the appraisal's document.",
    "upheld.required": "Please say what the appraisal's result is.",
    "lines.required": "Please enter at least one line: what for and its price.",
    "lines.no_amount": "Quantity and price are numbers such as 1.5 and 120.00.",
    "not_the_owners": "What was found charges the owner nothing. There is nothing to quote.",
    "payer.required": "Please choose who pays.",
    "contract.required": "Please choose the contract.",
    "what.required": "Please say whether the contractor may come in.",
    "releaser_needed": "Only a repair notice goes by itself. Somebody of the warranty office has to release this one.",
    "letter_incomplete": "The letter is not complete: something that it must contain is missing.",
    "hash_form": "This is not a SHA-256 hash. It has 64 letters and digits.",
    "no_phones": "Letters are kept for good. Please leave out mobile numbers.",
    "photos_again": "The photos belonged to the form before. Please add them once more.",
    # contractors and third parties
    "acknowledge_first": "Please take the work on first, then pass it to a worker.",
    "finder_engages": "Whoever inspected it engages nobody for it. Somebody else has to.",
    "same_person": "Whoever inspected it or engaged the third party accepts nothing. Somebody else has to.",
    "gate_closed": "The gate is closed: something that has to be on record is missing.",
    "invoice_form": "This is not an invoice number. It has {digits} digits.",
    "is_the_contractor": "This is the contractor itself. Please choose another company.",
    "no_amount": "This is no amount. Please enter yuan and fen.",
    "no_price": "There is no price yet. Please agree on one first.",
    "not_accepted": "This was not accepted yet, or is invoiced already.",
    "not_appointed": "Please say first when the work is done.",
    "not_authorised": "Only a contact whom the contract names may do this.",
    "nothing_missed": "No deadline was missed yet: a reminder would be too early.",
    "nothing_proposed": "The other side has proposed no time.",
    "nothing_to_confirm": "There is no letter to confirm.",
    "notice_not_delivered": "The notice has not arrived yet: a reminder would be too early.",
    "photos_needed": "Photos are needed here. Please add one at least.",
    "price_agreed": "The price is agreed already.",
    "quotes_needed": "Above the limit {number} sealed quotes of different companies are needed.",
    "returned_is_no_delivery": "By this contract a letter that was returned has not arrived.",
    "scan_needed": "A scan of the waybill is needed.",
    "stopped_already": "Damage was stopped in this case already.",
    # what is wrong with it
    "unknown": "This choice is no longer offered. Please choose again.",
    "too_long": "This is too long. Please shorten it to {limit} characters.",
    "form.too_long": "This form is too large. Please send less at once.",
    "signature.too_long": "The signature is too large. Please clear it and sign again.",
    "too_many": "That is too many; at most {limit} are possible.",
    "too_many_fields": "This form is too large. Please send less at once.",
    "too_many_notes": "This ticket has {limit} notes already. Please phone the front desk instead.",
    "too_many_lately": "You wrote {limit} notes within an hour. Please wait a while, or phone the front desk.",
    "phone_form": "This is not a phone number. Please check the digits, for example 13800000000.",
    "phone_extension": "Please give the number without its extension; the extension goes into your words.",
    "phone_area": "Please add the area code, for example 0571-88888888.",
    "phone_hotline": "This is a hotline. Please give a number of your own, for example 13800000000.",
    "phone_abroad": "Numbers of this country can't be reached from here. Please give a mainland number or an e-mail.",
    "email_form": "This is not an e-mail address. Please check it, for example name@example.com.",
    "number_form": "This is not a ticket number. It has nine digits, for example 4839-2175-6.",
    "no_time": "This is not a time. Please choose day and time from the list.",
    "window_out_of_range": "Please choose a time in the next two months, at most twelve hours long.",
    "window_past": "This time is over already. Please choose a later one.",
    "out_of_range": "This date is too far away or over already. Please choose another.",
    "plan_past": "The date of this plan is over already. Please agree on a new one.",
    "other_kind": "That ticket is of another kind. Only tickets of the same kind can go on together.",
    "other_place": "That ticket is for another project. Only tickets of one project can go on together.",
    "less_urgent": "That ticket is less urgent than this one. Merge it into this one, or raise its priority first.",
    "into.not_found": "There is no open ticket with this number. Please check it.",
    "form_expired": "This form is too old. Please open it again; what you wrote can be copied.",
    "photo_type": "This is not a photo that can be shown. Please use a JPEG or PNG picture.",
    "signature_form": "The signature could not be read. Please clear it and sign again.",
    "signature_dot": "That is less than a signature. Please clear it and sign with your name.",
    "place_not_found": "Nothing is registered under that. Please check it, or choose the place from the list.",
    "photo_form": "This is not a photo that can be shown. Please use a JPEG or PNG picture.",
    # what can't be done
    "illegal_move": "This is not possible any more: the ticket has moved on in the meantime. Please look at it again.",
    "changed_meanwhile": "What you answered has changed in the meantime. Please look at it as it is now.",
    "look_again": "This page is older than the ticket. Please look at it as it is now and answer once more.",
    "key_used": "This page was sent before with something else on it. Please look, and send it again if it is meant.",
    "form.not_utf8": "The letters could not be read, and nothing was taken. Please open the page anew and type again.",
    "form.not_a_form": "This was not sent by our page, so nothing was taken. Please open the page anew.",
    "not_allowed": "This can't be done from your link. Please ask the front desk.",
    "not_the_repairing_side": "Whoever did the work can't check it. Somebody else at the desk has to.",
    "not_who_found": "Whoever found it can't enter its appraisal. Somebody else has to.",
    "second_person": "Whoever entered a change can't confirm it. Somebody else has to.",
    "amendment_decided": "This change was decided in the meantime.",
    "not_late_yet": "No promise has been missed yet. You can ask for the next desk as soon as one is.",
    "one_level_at_a_time": "You can ask for the next desk only, one at a time.",
    "no_plan": "There is no plan to agree to at the moment. Please look at the ticket again.",
    "no_access": "This link does not open anything. It may have expired; please ask for a new one.",
    "not_found": "There is no such ticket. Please check the number.",
    "code_wrong": "Phone and code do not match, or the code has expired. Please check both, or ask for a new one.",
    "slowed": "That was very often in a short time. Please wait a while and try again, or phone the front desk.",
    "busy": "Somebody else is changing this ticket right now. Please try again.",
}


def explain(error: Refused, lang: str) -> str:
    """The sentence for what was refused, in the reader's language."""
    said = SENTENCES.get(f"{getattr(error, 'field', '')}.{error.reason}") or SENTENCES.get(error.reason, OTHERWISE)
    return catalogue(lang).gettext(said).format_map(_Details(error.details))


class _Details(dict[str, object]):
    """The details of a refusal; one that is not given leaves nothing behind."""

    def __missing__(self, key: str) -> str:
        return "…"
