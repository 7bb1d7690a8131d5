"""What the rules found, in words: each check, whom it is about, by which figures."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.language.catalogue import word
from chalicelib.language.money import figures

CHECKS: Mapping[str, tuple[str, str]] = {  # rule → (title, what it looks for), in the order of the page
    "shared": ("Shared data", "A phone, bank account or tax number that third party, contractor or staff share"),
    "concentrated": ("Concentration", "One person's engagements go to one third party, above a share"),
    "dearer": ("Dearer than others", "One person pays a third party more on average than others do"),
    "split": ("Split amounts", "Amounts below a limit, of the same parties within some days, above it together"),
    "stops": ("Emergencies per clerk", "Stops of damage that one person called, and their share"),
    "photo": ("Photo twice", "The same picture on several tickets"),
    "quick": ("Contacted at once", "The owner was contacted within a minute of the assignment"),
    "lowered": ("Priority lowered", "The priority was lowered more often than elsewhere"),
    "waited": ("Made to wait", "Tickets were paused more often than elsewhere"),
    "unphotographed": ("Without photos", "Closed without a photo of the work, more often than elsewhere"),
    "unchecked": ("Without a check", "Closed without a look by a supervisor, more often than elsewhere"),
    "merged": ("Merged", "Tickets ended in another one, more often than elsewhere"),
    "silent": ("Without stars", "Closed without stars, more often than elsewhere"),
    "device": ("Stars from one device", "Stars came from a staff device, or from one of many flats"),
    "wall": ("Longer by the clock on the wall", "Repairs took longer by the wall clock than their counted time says"),
}
FIGURES: Mapping[str, str] = {
    "shared": "They share: {what}",
    "concentrated": "{jobs} of {of} engagements ({percent} %), {fen} yuan in all",
    "dearer": "{average} yuan on average, others {others} yuan ({percent} %)",
    "split": "{jobs} engagements, {fen} yuan together; the limit is {limit} yuan",
    "stops": "{jobs} of {of} engagements ({percent} %)",
    "photo": "On {tickets} tickets",
}
SIGN = "{n} of {of}; elsewhere {others} of {others_of}"
SHARED = {"phone": "Phone", "account": "Bank account", "tax_number": "Tax number"}
AMOUNTS = frozenset({"fen", "average", "limit"})
STATES = {
    "open": "To be looked at",
    "explained": "Looked at, explained",
    "grown": "More has come since",
    "gone": "Found no more",
}
HAPPENED = {"explained": "Looked at, explained", "reopened": "Open again"}


def check_words(rule: str, lang: str) -> tuple[str, str]:
    title, about = CHECKS.get(rule, (rule, ""))
    return word("audit", title, lang), word("audit", about, lang) if about else ""


def figures_of(rule: str, known: Mapping[str, int | str], lang: str) -> str:
    """By what it was measured."""
    money = AMOUNTS | ({"others"} if rule == "dearer" else set())
    said = {name: figures(int(value)) if name in money else str(value) for name, value in known.items()}
    if "what" in said:
        said["what"] = word("audit", SHARED.get(said["what"], said["what"]), lang)
    sentence = FIGURES.get(rule) or (SIGN if "others_of" in said else "")
    return word("audit", sentence, lang).format_map(said) if sentence else ""


def state_word(state: str, lang: str) -> str:
    return word("audit", STATES[state], lang)


def happened(kind: str, lang: str) -> str:
    """An event of a finding in words, "" for what nobody needs to read."""
    return word("audit", HAPPENED[kind], lang) if kind in HAPPENED else ""
