"""Requests as API Gateway hands them to the function: the whole way through Chalice, without a network."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

ADDRESS = "203.0.113.7"
EVERYTHING = "/{proxy+}"
BROWSER = {
    "accept": "text/html,application/xhtml+xml",
    "accept-language": "zh-CN,zh;q=0.9",
    "host": "bx.example",
    "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0.50",
}


class Context:
    """What Lambda hands a function beside the event."""

    function_name = "api"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:api"
    aws_request_id = "bench"

    def get_remaining_time_in_millis(self) -> int:
        return 20_000


@functools.cache
def patterns(routes: tuple[str, ...]) -> list[tuple[str, re.Pattern[str]]]:
    """Each route and what its paths look like, in API Gateway's order of choice: the fewest variables first."""
    by_variables = sorted(set(routes) - {EVERYTHING}, key=lambda route: (route.count("{"), route))
    return [(route, re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", route))) for route in by_variables]


def resource(routes: Iterable[str], path: str) -> tuple[str, dict[str, str]]:
    """The route that API Gateway chooses: the one with the fewest variables, the catch-all last."""
    found = ((route, match) for route, one in patterns(tuple(routes)) if (match := one.fullmatch(path)))
    route, match = next(found, (EVERYTHING, None))
    return route, match.groupdict() if match else {"proxy": path.lstrip("/")}


def event(app: Any, method: str, address: str, form: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    """The event of a request. `form`: the fields of a POST."""
    parts = urlsplit(address)
    route, variables = resource(app.routes, parts.path)
    query = parse_qsl(parts.query, keep_blank_values=True)
    headers = BROWSER | ({"content-type": "application/x-www-form-urlencoded"} if form is not None else {})
    return {
        "resource": route,
        "path": parts.path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": {k: [v for n, v in query if n == k] for k, _ in query} or None,
        "pathParameters": variables or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": route,
            "httpMethod": method,
            "path": "/api" + parts.path,
            "stage": "api",
            "identity": {"sourceIp": ADDRESS},
        },
        "body": urlencode(form) if form is not None else None,
        "isBase64Encoded": False,
    }


def ask(app: Any, method: str, address: str, form: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    """The answer to a request, as the function returns it."""
    return dict(app(event(app, method, address, form), Context()))
