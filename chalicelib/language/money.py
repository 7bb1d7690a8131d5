"""Words of money: natures, sources, bases, how an amount was reckoned, the states of a deduction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.language.catalogue import word

NATURES: Mapping[str, str] = {
    "repair_cost": "Repair cost",
    "loss": "Loss",
    "fee": "Management fee",
    "penalty": "Penalty",
}
SOURCES: Mapping[str, str] = {
    "retention": "Retention",
    "bond": "Performance bond",
    "progress": "Progress or final payment",
    "other_contract": "Another contract",
    "claim": "Claim",
}
BASES: Mapping[str, str] = {
    "contract": "Agreed in the contract",
    "setoff": "Set off (Civil Code, art. 568)",
    "claim": "Claimed",
}
STATES: Mapping[str, str] = {
    "gathering": "Evidence being gathered",
    "proposed": "To be approved",
    "half": "Second approval",
    "approved": "Notice to be sent",
    "rejected": "Rejected",
    "dropped": "Dropped",
    "noticed": "Notice sent",
    "delivered": "Objection period",
    "disputed": "Disputed",
    "firm": "Firm",
    "closed": "Settled",
}
GROUNDS: Mapping[str, str] = {
    "not_liable": "Not our liability",
    "amount": "The amount is wrong",
    "no_notice": "We got no notice",
    "not_present": "We were not invited to the work",
    "other": "Another reason",
}


BATCHES: Mapping[str, str] = {
    "opened": "Being sealed",
    "sealed": "Files being made",
    "made": "Ready",
    "acknowledged": "Taken over",
    "empty": "Empty",
    "countering": "Being taken back",
    "countered": "Taken back",
}


JOBS: Mapping[str, str] = {
    "asked": "Under way",
    "done": "Ready",
    "faulty": "Rows at fault",
    "checked": "Checked, not booked yet",
    "booking": "Being booked",
    "booked": "Booked",
}
WAITING: Mapping[str, str] = {
    "first": "For its first batch",
    "again": "Its batch was taken back",
    "reversal": "A reversal of what was exported",
}


def figures(fen: int) -> str:
    """1,234.50, for tables; a minus in front of what is below nothing."""
    yuan, cents = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{cents:02d}"


def _said(kind: str, known: Mapping[str, str], name: str, lang: str) -> str:
    return word(kind, known[name], lang) if name in known else name


def nature_word(nature: str, lang: str) -> str:
    return _said("nature", NATURES, nature, lang)


def source_word(source: str, lang: str) -> str:
    return _said("source of money", SOURCES, source, lang)


def basis_word(basis: str, lang: str) -> str:
    return _said("basis", BASES, basis, lang)


def state_word(state: str, lang: str) -> str:
    return _said("state of a deduction", STATES, state, lang)


def batch_word(state: str, lang: str) -> str:
    return _said("state of a batch", BATCHES, state, lang)


def job_word(state: str, lang: str) -> str:
    return _said("longer work", JOBS, state, lang)


def waiting_word(status: str, lang: str) -> str:
    return _said("why it waits", WAITING, status, lang)


def ground_word(ground: str, lang: str) -> str:
    return _said("ground", GROUNDS, ground, lang)


def reckoning(steps: Sequence[Mapping[str, Any]], lang: str) -> str:
    """How a line was reckoned: (防水 320.00/m² × 4.5 + …) × 80 %."""

    def say(text: str, **facts: str) -> str:
        return word("reckoning", text, lang).format(**facts)

    parts, after = [], ""
    for step in steps:
        if "item" in step:
            quantity = f"{step['quantity'] / 1000:g}"
            parts.append(f"{step['item']} {figures(step['fen'])}/{step['unit']} × {quantity}")
        elif "price" in step:
            parts.append(say("price agreed {yuan}", yuan=figures(step["price"])))
        elif "compensation" in step:
            parts.append(say("paid to the owner {yuan}", yuan=figures(step["fen"])))
        elif "beyond" in step:
            parts.append(say("less {yuan} beyond the defect", yuan=figures(step["beyond"])))
        elif "share" in step:
            after += f" × {step['share']} %"
        else:
            parts += _by_clause(step, say)
        if "cap" in step:
            after += " " + say("(at most {yuan})", yuan=figures(step["cap"]))
    said = " + ".join(parts)
    return (f"({said})" if len(parts) > 1 and after else said) + after


def _by_clause(step: Mapping[str, Any], say: Any) -> list[str]:
    found = [say("fixed {yuan}", yuan=figures(step["fixed"]))] if "fixed" in step else []
    if "rate" in step:
        found.append(f"{figures(step['of'])} × {step['rate'] / 100:g} %")
    return found
