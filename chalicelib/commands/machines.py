"""Keys for finance's machines: python -m chalicelib.commands.machines make | rotate | revoke | list ENTITY [NAME]

make      a key for a machine of a legal entity, with the verbs that it may use (--may read,acknowledge,settle)
rotate    a new key in the place of one, which opens nothing from then on
revoke    a key opens nothing any more
list      the entity's keys, without their secrets

A key is printed once, by make and rotate, and is kept nowhere: only its hash is. No key approves or seals.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from chalicelib.adapters.time import now
from chalicelib.commands import by_operator, says, takes_lang
from chalicelib.services.money import machines
from chalicelib.store import contracts
from chalicelib.store.machines import of_entity


def main(arguments: Sequence[str]) -> int:
    """Run the command. 1: there is no such entity or key, or the name is taken."""
    parser = argparse.ArgumentParser(
        prog="python -m chalicelib.commands.machines",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("what", choices=("make", "rotate", "revoke", "list"))
    parser.add_argument("entity")
    parser.add_argument("name", nargs="?", default="")
    parser.add_argument("--may", default="read,acknowledge,settle", help="what it may do, with commas between")
    takes_lang(parser)
    args = parser.parse_args(list(arguments))
    say = says(args.lang)
    if contracts.entity(args.entity) is None:
        print(say("there is no legal entity {entity}", entity=args.entity), file=sys.stderr)
        return 1
    if args.what == "list":
        for one in of_entity(args.entity):
            state = say("live") if one.live else say("revoked")
            print(one.name, ",".join(sorted(one.verbs)), one.made, state, sep="\t")
        return 0
    if not args.name:
        parser.error("name")
    try:
        if args.what == "make":
            print(machines.make(args.entity, args.name, frozenset(args.may.split(",")), now()))
        elif args.what == "rotate":
            print(machines.rotate(args.entity, args.name, now()))
        else:
            machines.revoke(args.entity, args.name)
            print(say("{name} opens nothing any more", name=args.name))
    except ValueError:
        parser.error(f"--may: {', '.join(machines.VERBS)}")
    except machines.Taken:
        print(say("{entity} has a key called {name} already", entity=args.entity, name=args.name), file=sys.stderr)
        return 1
    except machines.Unknown:
        print(say("{entity} has no key called {name}", entity=args.entity, name=args.name), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(by_operator(main))
