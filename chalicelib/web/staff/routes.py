"""The staff pages: one ticket behind a link, and all that a person holds.

GET   /t/{token}                     one ticket, by the link that its message carried
GET   /w/{token}                     my work: everything its holder has, by deadline
GET   /w/{token}/{ticket}            one of them, the same page
POST  /t/{token}/{move}              a move; answers 303 to the page, or the page again with what is wrong
POST  /w/{token}/{ticket}/{move}
GET   …/photo/{n}                    303 to the photo
GET   /passed-on                     after the ticket left its holder: their link is dead
"""

from __future__ import annotations

from urllib.parse import quote

from chalice.app import Response

from chalicelib.adapters.time import now
from chalicelib.domain.record.roles import DESKS, OUTSIDE, ROLES, STAFF, Role
from chalicelib.services.access import access, opening
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import frontdesk, worklist
from chalicelib.services.ticket.worklist import Filters
from chalicelib.store.grants import Grant
from chalicelib.web.kit import choices
from chalicelib.web.kit import ticket as kit
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.moves import NOTHING, Tried, make, said
from chalicelib.web.kit.pages import lang_of, page, root, see
from chalicelib.web.staff import forms as staff_forms
from chalicelib.web.staff import view as staff_view
from chalicelib.web.staff import work as staff_list

LEAVES = frozenset({"decline", "hand_back"})  # whoever makes these is off the ticket

# what happened, and what comes next
DONE = {
    "contact": "Noted: you contacted the owner.",
    "acknowledge": "The job is yours. The owner has been told.",
    "decline": "Declined. It is being given to somebody else; you have nothing more to do.",
    "offer_windows": "The owner has been asked to choose. You get a message when they have.",
    "set_window": "The appointment stands. Its end is now the deadline for your arrival.",
    "arrive": "Your arrival is noted. When the work is done: photos, a few words, Complete.",
    "tick_checklist": "The checklist is saved.",
    "note": "The note is on the ticket.",
    "propose_plan": "The plan is with the owner. You get a message when they agree.",
    "pause": "Paused. The owner has been told until when; press Go on as soon as it goes on.",
    "wait_longer": "It waits until the new day. The owner has been told.",
    "resume": "It goes on; the clocks run again.",
    "complete": "Completed. The owner has been asked to sign off; you have nothing more to do for now.",
    "set_priority": "The priority is changed; all deadlines were computed anew.",
    "set_category": "The category is changed.",
    "assign": "Assigned. The person has been sent a message.",
    "check": "The check is recorded in place of the owner's signature.",
    "follow_up": "The follow-up is recorded.",
    "hand_back": "Handed back. The holder has been told what you expect.",
    "cancel": "The ticket is cancelled.",
    "waive": "Recorded: the owner does without the repair.",
    "relay": "Passed on. Whoever has it in the department has been told.",
    "answer": "The answer has been sent to the owner.",
    "write_result": "The result is written. The owner is asked whether it is settled.",
    "confirm": "Recorded what the owner thinks of it.",
    "find": "The finding is on record. The owner can read it.",
    "correct_finding": "The finding is corrected; the one before stays on record.",
    "dispute_finding": "The dispute is on record. It waits for an appraisal.",
    "appraise": "The appraisal is on record. The owner has been told.",
    "decide_liability": "Decided. Your reason is on record.",
    "quote": "The quote is with the owner. You get a message when they answer.",
    "note_access": "Access is on record.",
}


def ticket(door: Door, tried: Tried = NOTHING) -> Response:
    """The page of a ticket as it is now; with what is wrong at the field, or what somebody else did in between."""
    at, lang = now(), lang_of(request())
    opened = door.open()
    done = said(DONE, at)
    return page(
        "staff/ticket.html",
        lang,
        status=tried.status,
        now=at,
        **staff_view.page(opened, door.base, lang, at),
        **staff_view.forms(opened, door, root() + (door.home or "/passed-on"), lang, at, tried),
        home=home_of(door, opened.actor.role),
        done=done,
        said_done=DONE.get(done, ""),
    )


def home_of(door: Door, role: Role) -> str:
    """Where the way back from a ticket leads: whoever works for a company begins at its desk."""
    return f"{ROLES[role].home}{door.token}" if door.home and role in OUTSIDE else door.home


def act(door: Door, move: str) -> Response:
    then = (door.home or "/passed-on") if move in LEAVES else ""
    return make(door, move, staff_forms.read, kit.again(ticket), then=then)


def photo(door: Door, n: str) -> Response:
    """303 to a photo; `?taken=1`: as it was sent, for whoever may have that."""
    opened = door.open()
    uploads = [upload for _, upload in staff_view.numbered(opened.ticket)]
    if asked("taken") == "1":
        return kit.original(opened, uploads, n)
    return kit.photo(opened.ticket, uploads, n)


def my_work(token: str) -> Response:
    grant = opening.open_staff(token, STAFF)
    if access.role_of(grant) is Role.OFFICE:  # theirs stands at their desk
        return see(f"{ROLES[Role.OFFICE].home}{token}")
    return work_of(grant, token, f"/w/{token}")


def work_of(grant: Grant, token: str, base: str) -> Response:
    """The list of somebody's work at `base`, where their own pages begin; its tickets open below /w/."""
    at, lang = now(), lang_of(request())
    filters = Filters(asked("state"), asked("priority"), asked("category"), asked("late") == "1")
    work = worklist.of(grant, filters, asked("after"), at)
    kept = {"state": filters.state, "priority": filters.priority, "category": filters.category}
    kept["late"] = "1" if filters.late else ""
    done = said(DONE, at)
    narrowed = "".join(f"{name}={quote(value)}&" for name, value in kept.items() if value)
    return page(
        "staff/work.html",
        lang,
        now=at,
        base=base,
        tickets=f"/w/{token}",
        work=work,
        groups=staff_list.groups(work.items, lang, at, policy_for(frontdesk.home(work.grant)).zone),
        late=sum(i.late(at) for i in work.items),
        filters=filters,
        narrowed=narrowed,
        after=asked("after"),
        more=quote(work.more),
        desk=work.role in DESKS,
        crew=work.role is Role.TECHNICIAN,
        whose=frontdesk.whose(work.grant),
        done=done,
        said_done=DONE.get(done, ""),
        states=choices.options("state", choices.OPEN_STATES, filters.state, lang),
        priorities=choices.options("priority", choices.PRIORITIES, filters.priority, lang),
        categories=choices.options("category", choices.category_names(), filters.category, lang),
    )


def passed_on() -> Response:
    done = said({move: DONE[move] for move in LEAVES}, now())
    return page("staff/passed_on.html", lang_of(request()), done=done, said=DONE.get(done, ""))
