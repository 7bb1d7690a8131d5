"""The description of finance's API, by OpenAPI 3.1. What it says is what is answered: a test asks every operation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from chalicelib.domain.money.amount import Nature
from chalicelib.domain.money.batch import State
from chalicelib.domain.register.settlements import KINDS, LONGEST, MOST, SOURCES

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
FEN: Schema = {"type": "integer", "description": "fen, a hundredth of a yuan"}
PERIOD: Schema = {"type": "string", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$", "examples": ["2026-03"]}
STATES: Schema = {"type": "string", "enum": [state.value for state in State]}


def _object(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    return {"type": "object", "required": list(required), "properties": {**required, **(optional or {})}}


SUMMARY = {"number": TEXT, "period": TEXT, "state": STATES, "count": {"type": "integer"}, "fen": FEN, "sealed_at": TEXT}
FILE = _object({"name": TEXT, "sha256": TEXT, "bytes": {"type": "integer"}, "url": {"type": "string"}})
SETTLEMENT = _object(
    {
        "deduction": {"type": "string", "minLength": 1, "maxLength": LONGEST, "description": "the deduction's number"},
        "voucher": {"type": "string", "minLength": 1, "maxLength": LONGEST},
        "posted": {"type": "string", "format": "date"},
        "period": PERIOD,
        "source": {"type": "string", "enum": list(SOURCES)},
        "fen": {"type": "integer", "minimum": 1, "exclusiveMaximum": 10**13},
    },
    {
        "application": {"type": "string", "maxLength": LONGEST, "description": "the payment application"},
        "kind": {"type": "string", "enum": list(KINDS), "default": "recovered"},
    },
)
SCHEMAS: Mapping[str, Schema] = {
    "Summary": _object(SUMMARY),
    "Batches": _object(
        {
            "items": {"type": "array", "items": {"$ref": "#/components/schemas/Summary"}},
            "next": {"type": ["string", "null"], "description": "cursor of the next page"},
        }
    ),
    "Batch": _object(
        {
            **SUMMARY,
            "totals": {
                "type": "object",
                "description": "fen by nature: " + ", ".join(nature.value for nature in Nature),
                "additionalProperties": {"type": "integer"},
            },
            "sha256": {"type": "string", "description": "of the batch's content"},
            "counters": {"type": "string", "description": "the batch that this one takes back, empty for none"},
            "files": {"type": "array", "items": FILE},
        }
    ),
    "Evidence": _object(
        {
            "deduction": TEXT,
            "sha256": {"type": "string", "description": "the same as in the batch's files and manifest"},
            "bytes": {"type": "integer"},
            "url": {"type": "string", "description": "a PDF, good for ten minutes"},
        }
    ),
    "Settlements": _object({"settlements": {"type": "array", "minItems": 1, "maxItems": MOST, "items": SETTLEMENT}}),
    "Booked": _object(
        {
            "rows": {"type": "integer"},
            "booked": {"type": "integer"},
            "known": {"type": "integer", "description": "booked before"},
        }
    ),
    "Problem": _object(
        {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT},
        {
            "reason": TEXT,
            "faults": {
                "type": "array",
                "items": _object({"row": {"type": "integer"}, "field": TEXT, "detail": TEXT}),
            },
        },
    ),
}
BATCH = {"name": "batch", "in": "path", "required": True, "schema": {"type": "string", "examples": ["E1-B-2026-0001"]}}
NUMBER = {
    "name": "number",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "examples": ["E1-K-2026-0001"]},
}
ONCE = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "sent again within a day with the same request, the same answer comes",
    "schema": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[0-9A-Za-z_-]+$"},
}
PAGING = [
    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}},
    {"name": "cursor", "in": "query", "schema": {"type": "string", "minLength": 1}},
]


def _answers(schema: str, *problems: int) -> Schema:
    def content(kind: str, name: str) -> Schema:
        return {kind: {"schema": {"$ref": f"#/components/schemas/{name}"}}}

    said = {"200": {"description": "as asked", "content": content("application/json", schema)}}
    for status in (401, 403, 429, 500, *problems):
        said[str(status)] = {"description": "a problem", "content": content("application/problem+json", "Problem")}
    return said


@cache
def document() -> Schema:
    """The description as it is served."""
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/Settlements"}}}
    paths = {
        "/finance/batches": {
            "get": {
                "operationId": "listBatches",
                "summary": "the batches of the key's entity, the latest first",
                "parameters": PAGING,
                "responses": _answers("Batches", 400),
            }
        },
        "/finance/batches/{batch}": {
            "get": {
                "operationId": "getBatch",
                "summary": "one batch, with addresses of its files that are good for ten minutes",
                "parameters": [BATCH],
                "responses": _answers("Batch", 404),
            }
        },
        "/finance/evidence/{number}": {
            "get": {
                "operationId": "getEvidence",
                "summary": "the evidence pack of a deduction that the entity's finance has",
                "parameters": [NUMBER],
                "responses": _answers("Evidence", 404),
            }
        },
        "/finance/batches/{batch}/acknowledge": {
            "post": {
                "operationId": "acknowledgeBatch",
                "summary": "the batch is in the books",
                "parameters": [BATCH, ONCE],
                "responses": _answers("Batch", 400, 404, 409, 413, 422, 503),
            }
        },
        "/finance/settlements": {
            "post": {
                "operationId": "postSettlements",
                "summary": "what was really recovered or refunded; nothing is booked where a row is at fault",
                "parameters": [ONCE],
                "requestBody": {"required": True, "content": body},
                "responses": _answers("Booked", 400, 409, 413, 422, 503),
            }
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "baoxiu finance", "version": "1"},
        "security": [{"key": []}],
        "paths": paths,
        "components": {"schemas": dict(SCHEMAS), "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }
