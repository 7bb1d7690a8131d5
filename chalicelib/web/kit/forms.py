"""Reading what a browser sent: bounded, in UTF-8 or refused, never raising anything but Invalid."""

from __future__ import annotations

from urllib.parse import parse_qs

from chalice.app import Request

from chalicelib.adapters.ids import is_ulid
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.text import line, plain, words

MAX_BYTES = 400_000  # a signature is the largest thing a form carries; photos go to the object store
MAX_FIELDS = 200
WHOLE = "form"  # the field of a fault that is of no field
FORM = "application/x-www-form-urlencoded"
CHARSETS = ("utf-8", "utf8", "us-ascii", "ascii")
MAX_PHOTOS = 9


class Form:
    """The fields of a form. Texts are in their one form (`domain/record/text.py`), trimmed; line ends are \\n."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        self._fields = fields

    def text(self, name: str, limit: int = 4000) -> str:
        """A field's text, "" where there is none. Raises Invalid where it is longer than any page allows."""
        value = words(self._fields.get(name, [""])[0])
        if len(value) > limit:
            raise Invalid(name, "too_long", limit=limit)
        return value

    def plain(self, name: str, limit: int = 200) -> str:
        """A field that is looked up: a number, a code, a room."""
        return plain(self.text(name, limit))

    def all(self, name: str, limit: int = 50) -> list[str]:
        """Every value of a repeated field."""
        return [v[:200] for raw in self._fields.get(name, [])[:limit] if (v := line(raw))]

    def photos(self) -> list[str]:
        """The uploads that came with it, as a record names them. Raises Invalid."""
        ids = list(dict.fromkeys(self.all("photos")))
        if len(ids) > MAX_PHOTOS:
            raise Invalid("photos", "too_many", limit=MAX_PHOTOS)
        if not all(map(is_ulid, ids)):
            raise Invalid("photos", "photo_form")
        return [f"/{photo}" for photo in ids]

    def raw(self, name: str, limit: int = MAX_BYTES) -> str:
        """A field as it came: for a signature's data URL."""
        value = self._fields.get(name, [""])[0]
        if len(value) > limit:
            raise Invalid(name, "too_long", limit=limit)
        return value

    def is_on(self, name: str) -> bool:
        return self.text(name, 20) in ("on", "yes", "1", "true")

    def number(self, name: str) -> int | None:
        """A whole number in a field, None where there is none."""
        value = self.plain(name, 20)
        return int(value) if value.isascii() and value.isdigit() else None

    def kept(self) -> dict[str, str]:
        """What was typed, to show it again."""
        return {name: values[0][:4000] for name, values in self._fields.items() if values}


def read(request: Request, most: int = MAX_BYTES * 2) -> Form:
    """The form in a request's body, of `most` bytes. Raises Invalid where it is larger, or in no letters that we read.

    Letters are never guessed: what is taken for a report must be what was typed.
    """
    kind, _, more = request.headers.get("content-type", FORM).lower().partition(";")
    charset = more.strip().removeprefix("charset=").strip('" ') if "charset=" in more else CHARSETS[0]
    if kind.strip() != FORM:
        raise Invalid(WHOLE, "not_a_form")
    body = bytes(request.raw_body or b"")  # type: ignore[arg-type]
    if len(body) > most:
        raise Invalid(WHOLE, "too_long", limit=most // 2)
    try:
        if charset not in CHARSETS:
            raise Invalid(WHOLE, "not_utf8")
        text = body.decode("utf-8").replace("\x00", "")
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except UnicodeDecodeError:
        raise Invalid(WHOLE, "not_utf8") from None
    except ValueError:
        raise Invalid(WHOLE, "too_many_fields", limit=MAX_FIELDS) from None
    return Form(fields)
