"""What is still to be done before owners can report; a property desk without tickets shows it too.

GET  /d/{token}/first    ?desk=<project>
POST /d/{token}/first    send people their own pages, set a step aside, or take that back → 303 to the list
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from chalice.app import Response

from chalicelib.adapters.time import now
from chalicelib.domain.record.errors import NotAllowed
from chalicelib.domain.record.roles import DESKS
from chalicelib.language import first_day as words
from chalicelib.services.access import opening
from chalicelib.services.loading import first_day
from chalicelib.services.loading.first_day import Todo
from chalicelib.services.ticket import frontdesk
from chalicelib.store.grants import Grant
from chalicelib.web.kit import forms
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.moves import done, said
from chalicelib.web.kit.pages import lang_of, page, see

DONE = {
    "links": "The pages are on their way, by SMS or e-mail.",
    "aside": "Noted. It comes back when something about it changes.",
    "back": "It is on the list again.",
}


class Step(NamedTuple):
    """A step as the page shows it. `may_wait`: it can be confirmed as it is."""

    step: str
    home: str
    mark: str
    what: str
    how: str
    may_wait: bool


def look(token: str) -> Response:
    grant = opening.open_staff(token, DESKS)
    lang, at = lang_of(request()), now()
    desks = frontdesk.desks_of(grant)
    desk = next((d for d in desks if d.project == asked("desk")), desks[0] if desks else None)
    begun = [first_day.of(home) for home in _homes(grant, desk.project if desk else "")]
    was = said(DONE, at)
    return page(
        "desk/first.html",
        lang,
        now=at,
        token=token,
        whose=frontdesk.whose(grant),
        desk=desk,
        desks=desks,
        todo=steps([todo for one in begun for todo in one.todo], lang),
        aside=steps([todo for one in begun for todo in one.aside], lang),
        done=was,
        said_done=DONE.get(was, ""),
    )


def act(token: str) -> Response:
    """Whatever it was, the list as it is then: sent twice it is the same."""
    grant = opening.open_staff(token, DESKS)
    form, at = forms.read(request()), now()
    project, home = form.text("desk", 100), form.text("home", 100)
    if home not in _homes(grant, project):
        raise NotAllowed("not_allowed")
    do, step, mark = form.text("do", 20), form.text("step", 40), form.text("mark", 40)
    happened = ""
    if do == "links" and first_day.send_links(home, at):
        happened = "links"
    elif do == "aside" and first_day.put_aside(home, step, mark, grant.holder, at):
        happened = "aside"
    elif do == "back" and first_day.take_back(home, step, mark, grant.holder, at):
        happened = "back"
    chosen = f"desk={quote(project, safe='')}&" if project else ""
    return see(f"/d/{token}/first?{chosen}{f'done={done(happened, at)}' if happened else ''}".rstrip("?&"))


def beginning(project: str, lang: str) -> Sequence[Step]:
    """What is still to be done in a project, for a page that has nothing else to show."""
    return steps(first_day.of(project).todo, lang)


def steps(found: Sequence[Todo], lang: str) -> list[Step]:
    return [
        Step(todo.step, todo.home, todo.mark, *words.said(todo.step, todo.facts, lang), todo.may_wait) for todo in found
    ]


def _homes(grant: Grant, project: str) -> list[str]:
    """Whose lists a link opens at a time: a project of its reach, and the desk where its holder sits."""
    mine = [project] if any(d.project == project for d in frontdesk.desks_of(grant)) else []
    return list(dict.fromkeys([*mine, grant.team.partition("/")[0]]))
