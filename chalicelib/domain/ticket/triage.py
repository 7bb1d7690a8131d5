"""What a report is about and how urgent it is, suggested from its words."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.ticket.ticket import Priority

RANK = {Priority.NORMAL: 0, Priority.URGENT: 1, Priority.EMERGENCY: 2}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`because`: the terms that were found; none means nothing was recognised and the category is `other`."""

    category: str
    priority: Priority
    because: tuple[str, ...]


def suggest(text: str, policy: Policy, chosen: str = "") -> Suggestion:
    """Category and priority from the words. A category that was `chosen` stays; words may raise its priority."""
    lowered = text.lower()
    best, score = "other", (0, 0)
    because: tuple[str, ...] = ()
    highest = Priority.NORMAL
    for category in policy.categories.values():
        found = tuple(term for term in category.terms if _has(lowered, term))
        if not found:
            continue
        if category.default is Priority.EMERGENCY:
            highest = Priority.EMERGENCY
        mine = (RANK[category.default], sum(len(term) for term in found))
        if mine > score:
            best, score, because = category.name, mine, found
    category_name = chosen if chosen in policy.categories else best
    priority = max((policy.categories[category_name].default, highest), key=RANK.__getitem__)
    for raised, terms in policy.raises.items():
        found = tuple(term for term in terms if _has(lowered, term))
        if found:
            because = (*because, *found)
            priority = max((priority, raised), key=RANK.__getitem__)
    return Suggestion(category_name, priority, because)


def _has(text: str, term: str) -> bool:
    """Whether the term stands in the text: anywhere for Chinese, as a word for Latin letters."""
    at = text.find(term)
    while at >= 0:
        if not term[0].isascii():
            return True
        before, after = text[at - 1 : at], text[at + len(term) : at + len(term) + 1]
        if not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum()):
            return True
        at = text.find(term, at + 1)
    return False
