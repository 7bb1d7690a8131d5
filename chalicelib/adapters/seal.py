"""The port to a CA's sealing service, for those who have one (SEAL=http); without it letters are sealed by hand.

SEAL_HTTP_URL       gets a POST of the PDF (application/pdf); 200 answers with the sealed PDF
SEAL_HTTP_KEY       who we are: `Authorization: Bearer <key>`
SEAL_HTTP_SECRET    signs number, a line's end and the PDF: `X-Signature: <hex of HMAC-SHA256>`; empty: not signed

The service holds the entity's certificate and chooses it by `X-Entity`; `X-Letter` is the number of the letter.

NotSealed   the service did not seal it, or answered with something else; trying again may help
"""

from __future__ import annotations

import os

SECONDS = 20
MOST_BYTES = 40 * 2**20
TAIL = 2048


class NotSealed(Exception):
    """The text is the service's short code, never what it said."""


def seal(pdf: bytes, number: str, entity: str) -> bytes:
    """The letter with the entity's electronic seal. Raises NotSealed."""
    import hmac
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    headers = {
        "Content-Type": "application/pdf",
        "Accept": "application/pdf",
        "Authorization": f"Bearer {os.environ.get('SEAL_HTTP_KEY', '')}",
        "X-Letter": number,
        "X-Entity": entity,
    }
    if secret := os.environ.get("SEAL_HTTP_SECRET", ""):
        headers["X-Signature"] = hmac.digest(secret.encode(), f"{number}\n".encode() + pdf, "sha256").hex()
    try:
        request = Request(os.environ.get("SEAL_HTTP_URL", ""), data=pdf, headers=headers, method="POST")
        with urlopen(request, timeout=SECONDS) as answer:
            sealed: bytes = answer.read(MOST_BYTES + 1)
    except HTTPError as fault:
        fault.close()
        raise NotSealed(f"seal {fault.code}") from None
    except (OSError, HTTPException, ValueError) as fault:
        raise NotSealed(f"seal {type(fault).__name__}") from None
    if sealed == pdf or len(sealed) > MOST_BYTES or not sealed.startswith(b"%PDF-") or b"%%EOF" not in sealed[-TAIL:]:
        raise NotSealed("seal answer")
    return sealed
