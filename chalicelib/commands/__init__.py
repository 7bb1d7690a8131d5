"""Where an operator's command works: in the region of the environment or the profile, and nowhere by default.

A region that was guessed would write a group's flats, or a key, where nobody looks for them.
"""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from itertools import pairwise

from chalicelib.adapters import aws
from chalicelib.language.catalogue import LANGS, catalogue

Say = Callable[..., str]
EVERY_SECONDS = 2.0


def by_operator(main: Callable[[Sequence[str]], int]) -> int:
    """Run a command with the arguments it was called with. 2: no region is set.

    It speaks the language of `--lang`, which every command that says anything takes.
    """
    arguments = sys.argv[1:]
    try:
        os.environ["AWS_REGION"] = aws.region()
    except aws.NoRegion:
        lang = next((lang for option, lang in pairwise(arguments) if option == "--lang"), LANGS[0])
        print(says(lang)("no region: set AWS_REGION, or AWS_PROFILE to a profile that has one"), file=sys.stderr)
        return 2
    return main(arguments)


def takes_lang(parser: ArgumentParser) -> None:
    """The option that says which language a command speaks."""
    parser.add_argument("--lang", choices=LANGS, default=LANGS[0], help="the language that it speaks")


def says(lang: str, context: str = "console") -> Say:
    """How a command says something: a text of the catalogue, and its facts by name."""
    say = catalogue(lang).pgettext
    return lambda text, **facts: say(context, text).format_map(facts)


def now_and_then(line: Callable[..., str]) -> Callable[..., None]:
    """Progress: the line of what is given, every other second, on the error stream."""
    last = time.monotonic()

    def show(*given: object) -> None:
        nonlocal last
        if time.monotonic() - last < EVERY_SECONDS:
            return
        last = time.monotonic()
        print(line(*given), file=sys.stderr)

    return show
