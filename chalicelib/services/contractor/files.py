"""The files of a case's letters, for who may see them: an address that is good for some minutes. Changes nothing."""

from __future__ import annotations

from chalicelib.adapters import archive
from chalicelib.domain.contractor.case import Case


def pdf_of(case: Case, number: str) -> str | None:
    """Where the PDF of a letter of the case can be read; None where it has no such letter, or it is not made yet.

    By what the case itself says of it: no call.
    """
    letter = next((one for one in case.letters if one.number == number and one.made), None)
    if letter is None:
        return None
    return archive.presigned_get(archive.key_of(archive.SET, number, letter.made, "pdf"), f"{number}.pdf")
