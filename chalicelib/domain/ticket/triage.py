"""What a report is about and how urgent it is, suggested from its words.

    clear       "the socket is on fire", 楼道有煤气味                         an emergency, whatever else is written
    unsure      没有冒烟, 窗户漏气, "the fire door does not close"            raises nothing; the form asks
    neither     马桶堵了                                                      its category's own priority

A dangerous word counts as clear unless something around it says otherwise: it is denied, over, long ago, feared or
staged, or part of a phrase that means something else. In doubt the form asks: a question costs less than a silence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.vocabulary import FIRST, Around, Term, any_of, denial, everywhere
from chalicelib.domain.record.text import sought
from chalicelib.domain.ticket.ticket import Priority

RANK = {Priority.NORMAL: 0, Priority.URGENT: 1, Priority.EMERGENCY: 2}
OTHER = "other"
ANSWERS = ("yes", "no")
_CJK = "\u3400-\u9fff"
_SPACED = re.compile(rf"(?<=[{_CJK}]) +(?=[{_CJK}])")
_SENTENCE = re.compile(r"[.!?;。\n]+")
_CLAUSE = re.compile(r"[,:()]|但是?|不过|可是|而且|然后|\bbut\b|\bhowever\b|\band then\b")
_BEHIND_OTHER, _BEHIND_LATIN = 16, 48  # how far behind a word its end is looked for
_NEAR = 24  # how far around a word a phrase may reach


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`because`: the terms that were found; none means nothing was recognised and the category is `other`.

    `ask`: the category of a danger that the words may mean, "" for none: the form asks whether there is any.
    """

    category: str
    priority: Priority
    because: tuple[str, ...]
    ask: str = ""


def suggest(text: str, policy: Policy, chosen: str = "", danger: str = "") -> Suggestion:
    """Category and priority from the words. A category that was `chosen` stays; words may raise its priority.

    `danger`: what the reporter said when asked, "yes" or "no"; what is clear needs no answer.
    """
    wording = matched(text)
    found = _found(wording, policy)
    clear, unsure = _dangers(wording, found, policy)
    best, score = OTHER, (0, 0)
    because: tuple[str, ...] = ()
    for category in policy.categories.values():
        words = clear.get(category.name) or [t.text for t in found.get((category.name, "plain"), ())]
        mine = (RANK[category.default], sum(map(len, words)))
        if words and category.name != OTHER and mine > score:
            best, score, because = category.name, mine, tuple(words)
    ask = "" if clear else next((name for name in (*policy.categories, OTHER) if name in unsure), "")
    if ask not in ("", OTHER) and danger == "yes":
        best = ask
    name = chosen if chosen in policy.categories else best
    priority = policy.categories[name].default
    if clear or (ask and danger == "yes"):
        priority = Priority.EMERGENCY
        because = tuple(dict.fromkeys((*because, *(word for words in clear.values() for word in words))))
    for term in found.get((OTHER, "urgent"), ()):
        place = term.pattern.search(wording)
        if place and not _denied(wording[: place.start()], policy.around):
            because = (*because, term.text)
            priority = max((priority, Priority.URGENT), key=RANK.__getitem__)
    if priority is Priority.EMERGENCY or danger in ANSWERS:
        ask = ""
    return Suggestion(name, priority, because, ask)


def matched(text: str) -> str:
    """Words as they are compared: one width, one case, one script, no space between two Chinese characters."""
    folded = "\n".join(sought(line) for line in text.splitlines())
    if folded.isascii():
        return folded
    from chalicelib.domain.record.simplified import simplified

    return _SPACED.sub("", simplified(folded))


def _found(text: str, policy: Policy) -> dict[tuple[str, str], list[Term]]:
    """The terms that stand in a text, by category and weight."""
    made: dict[tuple[str, str], list[Term]] = {}
    for begins in dict.fromkeys(FIRST.findall(text)):
        for term in policy.lexicon.get(begins, ()):
            if term.stands(text):
                made.setdefault((term.category, term.weight), []).append(term)
    return made


def _dangers(
    text: str, found: Mapping[tuple[str, str], Sequence[Term]], policy: Policy
) -> tuple[dict[str, list[str]], set[str]]:
    """(category → its clear terms that nothing excuses, categories to ask about)."""
    clear: dict[str, list[str]] = {}
    unsure: set[str] = set()
    for (category, weight), terms in found.items():
        for term in terms:
            places = term.pattern.finditer(text)
            if weight == "clear" and any(_means_it(text, place, term, policy.around) for place in places):
                clear.setdefault(category, []).append(term.text)
            elif weight == "clear" or (
                weight == "unsure" and any(not _harmless(text, *place.span(), policy.around) for place in places)
            ):
                unsure.add(category)
    return clear, unsure


def _means_it(text: str, found: re.Match[str], term: Term, around: Around) -> bool:
    """Whether a dangerous word means danger, here and now."""
    start, end = found.span()
    first, last = _bounds(_SENTENCE, text, 0, start, end)
    sentence, behind = text[first:last], text[end:last]
    tail = text.rfind(term.parts[-1], start, end)  # 燃气没有味道 is denied before its last part
    if _harmless(text, start, end, around) or any(_denied(text[first:at], around) for at in {start, tail}):
        return False
    far = _BEHIND_LATIN if text[start].isascii() else _BEHIND_OTHER
    if any_of(around.over).search(behind[:far]) and not any_of(around.still).search(sentence):
        return False
    if any_of(around.now).search(text[first:start] + "\n" + behind):
        return True
    begin, _ = _bounds(_CLAUSE, text, first, start, end)
    feared = any_of(around.maybe).search(text[begin:start])
    return not (feared or any_of(around.past).search(sentence) or any_of(around.staged).search(sentence))


def _harmless(text: str, start: int, end: int, around: Around) -> bool:
    """Whether the word is part of a phrase that means something else."""
    first = max(0, start - _NEAR)
    near = everywhere(around.harmless, text[first : end + _NEAR])
    return any(begins < end - first and ends > start - first for begins, ends in near)


def _denied(before: str, around: Around) -> bool:
    """Whether what stands before a word denies it."""
    before = before[-_NEAR * 2 :]
    found = denial(around).search(before)
    return found is not None and not any_of(around.twice).search(before[: found.start()][-8:])


def _bounds(parting: re.Pattern[str], text: str, first: int, start: int, end: int) -> tuple[int, int]:
    """Where the sentence or clause around a word begins and ends."""
    for mark in parting.finditer(text, first, start):
        first = mark.end()
    after = parting.search(text, end)
    return first, after.start() if after else len(text)
