"""What the messages about who is liable say, in English; how they are made stands in `texts.py`."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.language.text import Text

LIABLE: Mapping[str, Text] = {
    # to the reporter
    "found": Text(
        (
            "{category}, ticket {number} was inspected. What it is and who pays stands on your page.",
            "{category} {digits} was inspected, please see who pays",
            "{digits} inspected",
        ),
        "Your repair was inspected",
        "Somebody inspected what you reported. What it comes from and who pays for it stands on your page.",
        ("If you don't agree, you can ask for an appraisal there.",),
    ),
    "appraised": Text(
        (
            "{category}, ticket {number} was appraised. The result stands on your page.",
            "{category} {digits} was appraised",
            "{digits} appraised",
        ),
        "The result of the appraisal",
        "What was disputed about your report was appraised.",
        ("The result stands on your page.",),
    ),
    "quoted": Text(
        (
            "{category}, ticket {number}: there is a quote for you. Please say whether you accept it.",
            "{category} {digits}: a quote, please decide",
            "{digits}: your quote",
        ),
        "A quote for you",
        "What you reported is not covered by the warranty. There is a quote for it.",
        ("Please look at it on your page, and accept or decline it. Nothing is done at your cost before that.",),
    ),
    "access_asked": Text(
        (
            "{category}, ticket {number}: the contractor asks to come in for the repair. Please answer.",
            "{category} {digits}: may the contractor come in?",
            "{digits}: let in?",
        ),
        "May the contractor come in?",
        "The contractor who built it asks to come in for the repair.",
        ("Please say on your page whether that is all right.",),
    ),
    # to staff and to whoever works
    "to_decide": Text(
        (
            "{where} {category}, ticket {number}: the dates leave open who pays. Please decide.",
            "{category} {digits}: who pays? please decide",
            "{digits} please decide",
        ),
        "Who pays? Please decide",
        "The dates and contracts leave open who pays for this ticket.",
        ("Please decide, with your reason.",),
    ),
    "to_appraise": Text(
        (
            "{where} {category}, ticket {number}: the finding is disputed. Please have it appraised.",
            "{category} {digits}: finding disputed, please appraise",
            "{digits} disputed",
        ),
        "A finding is disputed",
        "What was found on this ticket is disputed.",
        ("Please have it appraised, and enter the document with its result.",),
    ),
    "quote_accepted": Text(
        (
            "{place} {category}, ticket {number}: the owner accepted the quote",
            "{category} {digits}: quote accepted",
            "{digits} accepted",
        ),
        "Quote accepted",
        "The owner accepted the quote and signed it.",
        ("The work can go on.",),
    ),
    "quote_declined": Text(
        (
            "{place} {category}, ticket {number}: the owner declined the quote",
            "{category} {digits}: quote declined",
            "{digits} declined",
        ),
        "Quote declined",
        "The owner declined the quote.",
        ("Nothing may be done at the owner's cost. Please speak to the owner.",),
    ),
    "access_refused": Text(
        (
            "{place} {category}, ticket {number}: the owner does not let you in. Read why before you go.",
            "{category} {digits}: not let in, read why",
            "{digits} not let in",
        ),
        "The owner does not let you in",
        "The owner does not let the contractor in.",
        ("Read on the ticket's page why, before anybody goes there.",),
    ),
    "access_given": Text(
        (
            "{place} {category}, ticket {number}: the owner lets you in",
            "{category} {digits}: you may come in",
            "{digits} come in",
        ),
        "The owner lets you in",
        "The owner lets the contractor in.",
        ("Please agree a time.",),
    ),
}
