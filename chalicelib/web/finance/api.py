"""The API for finance's machines, by a key in `Authorization: Bearer …`; described at /finance/openapi.json.

GET   /finance/openapi.json                     what there is, by OpenAPI 3.1; needs no key
GET   /finance/batches                          the batches of the key's entity, the latest first; ?limit=, ?cursor=
GET   /finance/batches/{batch}                  one, with its files: addresses that are good for ten minutes
GET   /finance/evidence/{number}                the evidence pack of a deduction, by its number
POST  /finance/batches/{batch}/acknowledge      it is in the books
POST  /finance/settlements                      what was recovered or refunded, checked as a whole, booked row by row

What goes wrong is a problem by RFC 9457. A POST may carry an Idempotency-Key: the same again within a day gets the
same answer, the same key with something else is refused. Another entity's batch is not there (404).
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalice.app import Response

from chalicelib.adapters import archive
from chalicelib.adapters.log import logger, where
from chalicelib.adapters.time import now
from chalicelib.domain.money.batch import Batch
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed, Refused
from chalicelib.domain.record.text import line
from chalicelib.domain.register import settlements
from chalicelib.language import reasons
from chalicelib.language.faults import explain_fault
from chalicelib.services.access import access
from chalicelib.services.money import machines, proofs, sealing, settling
from chalicelib.services.record.record import Busy, NotFound
from chalicelib.store import batches
from chalicelib.store.machines import Machine, answered, note_answer
from chalicelib.web.finance.openapi import document
from chalicelib.web.kit.asked import address, asked, request
from chalicelib.web.kit.pages import headers

MOST_ROWS = settlements.MOST
MOST_BYTES = 300_000
LIMIT, MOST_LIMIT = 50, 200
LONGEST_KEY = 64
CURSOR = re.compile(r"20\d\d#\d{9}", re.ASCII)
STATUS: Mapping[type[Exception], int] = {NotFound: 404, NotAllowed: 403, IllegalMove: 409, Invalid: 400, Busy: 503}
TITLES = {
    400: "Bad request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    409: "Conflict",
    413: "Too large",
    422: "Refused",
    429: "Too many requests",
    500: "Something went wrong",
    503: "Busy",
}


@dataclass(frozen=True, slots=True)
class Problem(Exception):
    """A problem by RFC 9457. `more`: members of its own."""

    status: int
    detail: str
    more: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A request of a machine. `machine`: whose key it came with."""

    machine: Machine
    at: datetime

    @property
    def entity(self) -> str:
        return self.machine.entity


Views = Callable[..., dict[str, Any]]


def needs(verb: str) -> Callable[[Views], Callable[..., Response]]:
    """An answer for whose key has the verb; anything that goes wrong is a problem."""

    def decorate(view: Views) -> Callable[..., Response]:
        @functools.wraps(view)
        def answer(**variables: str) -> Response:
            try:
                call = Call(_machine(verb), now())
                return _json(200, _once(call, view, variables))
            except Problem as problem:
                return _problem(problem)
            except NotFound:
                return _problem(Problem(404, "There is no such batch or deduction here."))
            except Refused as refused:
                return _problem(Problem(_status(refused), reasons.explain(refused, "en"), {"reason": refused.reason}))
            except Exception as fault:
                logger.error("api failed", extra={"fault": type(fault).__name__, "at": where(fault)})
                return _problem(Problem(500, "This is our fault. Please try again."))

        return answer

    return decorate


def _machine(verb: str) -> Machine:
    """Whose key the request carries. Raises Problem; who keeps guessing is slowed."""
    scheme, _, key = str(request().headers.get("authorization", "")).partition(" ")
    machine = machines.opened_by(key.strip()) if scheme.lower() == "bearer" else None
    if machine is None:
        slowed = bool(key) and access.guesses(address(), now())
        raise Problem(429, "Too many wrong keys.") if slowed else Problem(401, "A key is needed, and this is none.")
    if verb not in machine.verbs:
        raise Problem(403, f"This key may not {verb}.")
    return machine


def _once(call: Call, view: Views, variables: Mapping[str, str]) -> dict[str, Any]:
    """The answer; of a POST that was answered under its mark before, the same one."""
    mark = str(request().headers.get("idempotency-key", "")).strip()
    if request().method != "POST" or not mark:
        return view(call, **variables)
    if len(mark) > LONGEST_KEY or not mark.isprintable():
        raise Problem(400, f"An Idempotency-Key has at most {LONGEST_KEY} printable letters.")
    path = json.dumps([request().context.get("resourcePath"), dict(variables)], sort_keys=True)
    wanted = hashlib.sha256(path.encode() + _body()).hexdigest()
    whose = f"{call.entity}/{call.machine.name}"
    known = answered(whose, mark)
    if known is None:
        made = view(call, **variables)
        note_answer(whose, mark, wanted, made, call.at)
        return made
    if known[0] != wanted:
        raise Problem(422, "This Idempotency-Key came with something else before.")
    # Addresses of files are good for ten minutes: they are made anew.
    return _shown(_found(call, known[1]["number"])) if "files" in known[1] else known[1]


def describe() -> Response:
    return _json(200, document())


@needs("read")
def list_batches(call: Call) -> dict[str, Any]:
    limit = asked("limit", 20) or str(LIMIT)
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= MOST_LIMIT):
        raise Problem(400, f"limit is a number from 1 to {MOST_LIMIT}.")
    found, after = sealing.batches(call.entity, _read_cursor(call, asked("cursor", 600)), int(limit))
    items = [
        {
            "number": one.number,
            "period": one.period,
            "state": one.state,
            "count": one.count,
            "fen": one.fen,
            "sealed_at": one.at,
        }
        for one in found
    ]
    return {"items": items, "next": _cursor(after["sk"]) if after else None}


@needs("read")
def one_batch(call: Call, batch: str) -> dict[str, Any]:
    return _shown(_found(call, batch))


@needs("read")
def evidence(call: Call, number: str) -> dict[str, Any]:
    one = proofs.exported(call.entity, number[:LONGEST_KEY])
    url = proofs.pack(one)
    packed = one.last("evidence_packed")
    return {"deduction": one.number, "sha256": one.evidence, "bytes": packed.data["size"] if packed else 0, "url": url}


@needs("acknowledge")
def acknowledge(call: Call, batch: str) -> dict[str, Any]:
    one = _found(call, batch)
    return _shown(sealing.acknowledge(call.entity, one.number, machines.actor_of(call.machine), call.at))


@needs("settle")
def post_settlements(call: Call) -> dict[str, Any]:
    """Checked as a whole; where a row is at fault nothing is booked, and the problem names each."""
    try:
        rows = json.loads(_body() or b"null")["settlements"]
        found = [_row(n, row) for n, row in enumerate(rows, 1)]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise Problem(400, 'The body is JSON: {"settlements": [...]}, as the description has it.') from None
    if not 1 <= len(found) <= MOST_ROWS:
        raise Problem(400, f"From 1 to {MOST_ROWS} settlements at once.")
    done = settling.post(call.entity, found, machines.actor_of(call.machine), call.at)
    if done.faults:
        faults = [{"row": f.row, "field": f.column, "detail": explain_fault(f, "en")} for f in done.faults]
        said = (
            f"{done.booked} rows were booked, and not these."
            if done.booked
            else "Nothing was booked: rows are at fault."
        )
        raise Problem(422, said, {"faults": faults})
    return {"rows": done.rows, "booked": done.booked, "known": done.known}


def _row(n: int, row: Mapping[str, Any]) -> settlements.Settled:
    """A settlement as it was sent. Raises ValueError, KeyError, TypeError."""
    texts = {name: row[name] for name in ("deduction", "voucher", "period", "source")}
    texts |= {"application": row.get("application", ""), "kind": row.get("kind", settlements.RECOVERED)}
    fen = row["fen"]
    fits = all(isinstance(text, str) and len(text) <= settlements.LONGEST for text in texts.values())
    fits = fits and all(text.isprintable() for text in texts.values())
    if not fits or not isinstance(fen, int) or isinstance(fen, bool) or not 0 < fen < 10**13:
        raise ValueError(n)
    if texts["source"] not in settlements.SOURCES or texts["kind"] not in settlements.KINDS:
        raise ValueError(n)
    if not texts["deduction"].strip() or not texts["voucher"].strip():
        raise ValueError(n)
    return settlements.Settled(
        n,
        line(texts["deduction"]),
        line(texts["voucher"]),
        date.fromisoformat(row["posted"]),
        settlements.period(texts["period"]),
        texts["source"],
        fen,
        line(texts["application"]),
        texts["kind"],
    )


def _found(call: Call, batch: str) -> Batch:
    if len(batch) > LONGEST_KEY or "#" in batch:
        raise NotFound
    return sealing.batch(call.entity, batch)


def _shown(one: Batch) -> dict[str, Any]:
    return {
        "number": one.number,
        "period": one.period,
        "state": one.state.value,
        "count": one.count,
        "fen": one.fen,
        "totals": dict(one.totals),
        "sha256": one.hash,
        "sealed_at": one.sealed_at.isoformat() if one.sealed_at else "",
        "counters": one.counters,
        "files": [
            {
                "name": file.name,
                "sha256": file.sha256,
                "bytes": file.size,
                "url": archive.presigned_file(file.key, file.name),
            }
            for file in one.files
        ],
    }


def _body() -> bytes:
    body = bytes(request().raw_body or b"")  # type: ignore[arg-type]
    if len(body) > MOST_BYTES:
        raise Problem(413, f"At most {MOST_BYTES} bytes at once.")
    return body


def _cursor(after: str) -> str:
    return base64.urlsafe_b64encode(after.encode()).decode()


def _read_cursor(call: Call, text: str) -> Mapping[str, str] | None:
    """Where the list of the key's own entity goes on. Raises Problem for what was none of ours."""
    if not text:
        return None
    try:
        found = base64.urlsafe_b64decode(text.encode()).decode()
    except (ValueError, binascii.Error):
        found = ""
    if not CURSOR.fullmatch(found):
        raise Problem(400, "This cursor is none of ours.")
    return batches.start_of(call.entity, found)


def _status(refused: Refused) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(refused, kind)), 400)


def _json(status: int, body: Mapping[str, Any], kind: str = "application/json") -> Response:
    return Response(
        json.dumps(body, ensure_ascii=False), status_code=status, headers=headers() | {"Content-Type": kind}
    )


def _problem(problem: Problem) -> Response:
    about = {"type": "about:blank", "title": TITLES[problem.status], "status": problem.status, "detail": problem.detail}
    answer = _json(problem.status, {**about, **(problem.more or {})}, "application/problem+json")
    if problem.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer
