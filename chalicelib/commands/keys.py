"""The key of all links: python -m chalicelib.commands.keys make | rotate | show STACK [--lang en]

make      the first key of a stack, made and kept; refuses where there is one
rotate    a new key in force, the others kept behind it: what they made still opens
show      the keys, as the parameters of a deployment: GrantKey=… GrantKeyBefore=…

Each prints the parameters. They are named at the first deployment and after `rotate`; every other deployment leaves
them out, and CloudFormation keeps what it has. The region is the profile's or the environment's.
"""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Sequence

from chalicelib.adapters import keys
from chalicelib.commands import by_operator, says, takes_lang

BYTES = 32
MOST = 8  # what a function's settings have room for, by far


def main(arguments: Sequence[str]) -> int:
    """Run the command. 1: the stack has a key already, or none."""
    parser = argparse.ArgumentParser(
        prog="python -m chalicelib.commands.keys", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", choices=("make", "rotate", "show"))
    parser.add_argument("stack")
    takes_lang(parser)
    args = parser.parse_args(list(arguments))
    say = says(args.lang)
    try:
        print(parameters({"make": make, "rotate": rotate, "show": keys.kept}[args.what](args.stack)))
    except keys.Kept:
        said = "{stack} has its key: another one would kill every link. `show` or `rotate`"
        print(say(said, stack=args.stack), file=sys.stderr)
        return 1
    except keys.Missing:
        said = "{stack} has no key in this account and region; `make` makes it"
        print(say(said, stack=args.stack), file=sys.stderr)
        return 1
    return 0


def make(stack: str) -> list[str]:
    """Make the first key. Raises Kept."""
    made = secrets.token_hex(BYTES)
    keys.keep_first(stack, made)
    return [made]


def rotate(stack: str) -> list[str]:
    """Put a new key in front of those that are kept. Raises Missing."""
    found = [secrets.token_hex(BYTES), *keys.kept(stack)][:MOST]
    keys.keep_all(stack, found)
    return found


def parameters(found: Sequence[str]) -> str:
    """Keys as `--parameter-overrides` takes them."""
    now, *before = found
    return f"GrantKey={now} GrantKeyBefore={','.join(before)}"


if __name__ == "__main__":
    raise SystemExit(by_operator(main))
