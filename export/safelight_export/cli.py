"""Commands over finished bundles: reseal, refresh, ship, sign, keygen, parity, benchmark."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from safelight_export import bundle, parity, sign
from safelight_export.benchmark import command as benchmark
from safelight_training.refused import REFUSED


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0, or 3 where the input was refused with one line."""
    parser = argparse.ArgumentParser(prog="python -m safelight_export", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser(
        "reseal", help="list and pin the shipped bundle anew after a change of its texts"
    )
    fresh = commands.add_parser("refresh", help="give a bundle the texts of the shipped one")
    fresh.add_argument("bundle", type=Path)
    ship = commands.add_parser("ship", help="make a bundle the one that the package carries")
    ship.add_argument("bundle", type=Path)
    keygen = commands.add_parser("keygen", help="write a new private key; print the public one")
    keygen.add_argument("key", type=Path)
    signing = commands.add_parser("sign", help="write manifest.sig with a private key")
    signing.add_argument("bundle", type=Path)
    signing.add_argument("--key", type=Path, required=True)
    signing.add_argument("--key-id", required=True)
    agreement = commands.add_parser("parity", help="compare fp32, torch and the quantised bundle")
    parity.add_arguments(agreement)
    timing = commands.add_parser("benchmark", help="measure size and speed of a bundle")
    benchmark.add_arguments(timing)
    args = parser.parse_args(arguments)
    try:
        return _run(args)
    except (*REFUSED, OSError) as error:
        print(f"safelight_export: {error}", file=sys.stderr)
        return 3


def _run(args: argparse.Namespace) -> int:
    if args.command == "reseal":
        bundle.reseal_shipped()
    elif args.command == "refresh":
        bundle.refresh(args.bundle)
    elif args.command == "ship":
        bundle.ship(args.bundle)
    elif args.command == "keygen":
        print(sign.new_key(args.key).hex())
    elif args.command == "sign":
        sign.sign(args.bundle, sign.read_key(args.key), args.key_id)
    elif args.command == "parity":
        return parity.run(args)
    else:
        return benchmark.run(args)
    return 0
