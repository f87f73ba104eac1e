"""The model card (Hugging Face's conventions), from the report and what it quotes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from huggingface_hub import EvalResult, ModelCardData

from safelight_training.evaluation.judging import whole
from safelight_training.evaluation.markdown import interval, score, share, table
from safelight_training.evaluation.page import caveats, language
from safelight_training.evaluation.page.quoted import Quoted
from safelight_training.evaluation.page.sections import data_of
from safelight_training.evaluation.real import FAMILIAR, is_strange, strange

Row = dict[str, Any]
TASK = {"task_type": "text-classification", "task_name": "early warning in conversations"}
JUDGING = {"dataset_type": "safelight-judging-dev", "dataset_name": "Safelight judging chats, dev",
           "dataset_split": "dev"}  # fmt: skip
REAL = {"dataset_type": "public-chat-corpora", "dataset_name": "public chat corpora, report part",
        "dataset_split": "report"}  # fmt: skip
WORDS = Path(__file__).with_name("model_card_words.md")


def render(report: Row, quoted: Quoted) -> str:
    """YAML header and Markdown."""
    everybody = whole(report["judging"])
    body = WORDS.read_text("utf-8").format(
        version=report["model_version"], data=data_of(report),
        plain=plain_words(report, quoted), figures=_figures(report, everybody),
        languages=", ".join(report["languages"]), groups=_groups(report["fairness"]),
        typing=_typing(report["robustness"]), told=language.sentence(quoted.language),
        ordinary="".join(f"- {said}\n" for said in caveats.of_ordinary(report, quoted.strangers)),
    )  # fmt: skip
    return f"---\n{_header(report, everybody)}\n---\n\n{body}"


def _header(report: Row, everybody: Row) -> str:
    ece = max(row["ece"] for row in report["judging"]["calibration"].values())
    results = [
        _result(JUDGING, "recall by harm", everybody["any"]["recall"]["share"]),
        _result(
            JUDGING, "hard negatives warned", everybody["harmless"]["hard"]["warning"]["share"]
        ),
        _result(JUDGING, "AUROC", everybody["ranking"]["auroc"]["value"]),
        _result(JUDGING, "expected calibration error (worse risk)", ece),
        _result(JUDGING, "F_latency", everybody["early"]["f_latency"]),
    ]
    if real := strange(report["real"]):
        results.append(_result(REAL, "ordinary chats warned", real["warning"]["share"]))
    card = ModelCardData(
        language=report["languages"], license="apache-2.0", library_name="onnx",
        model_name="Safelight",
        tags=["child-safety", "grooming", "sextortion", "on-device", "early-warning"],
        eval_results=results,
    )  # fmt: skip
    return str(card.to_yaml())


def _result(where: dict[str, str], name: str, value: float) -> EvalResult:
    return EvalResult(
        **TASK, **where, metric_type=name.lower().replace(" ", "_"), metric_name=name,
        metric_value=value,
    )  # fmt: skip


def plain_words(report: Row, quoted: Quoted) -> str:
    """What it does, a line each, for people who know none of the measures."""
    everybody = whole(report["judging"])
    recall, hard = everybody["any"], everybody["harmless"]["hard"]

    def about(rate: Row) -> str:
        return f"about {100 * rate['share']:.0f} {interval(rate, 0)}"

    lines = [
        "- Of 100 invented risky chats, written apart from its training data, it warns in time "
        f"in {about(recall['recall'])}. The others it misses, or sees too late.",
        "- Of 100 harmless chats made to look alike (a lesson, a couple, a teasing friend) it "
        f"warns in {about(hard['warning'])}.",
    ]
    if real := strange(report["real"]):
        kinds = "collections it never saw" if is_strange(real) else "collections it learned from"
        lines.append(
            f"- Of {real['n']:,} ordinary real chats of {kinds} it warns in "
            f"{100 * real['warning']['share']:.2f}% (at most "
            f"{100 * real['warning']['high']:.2f}%, 95% interval){_others(report['real'])}."
        )
        if quoted.strangers:
            lines.append(f"- {caveats.plain(quoted.strangers)}")
    if found := everybody["any"]["delay"]:
        half = f"{found['median']:g}"
        lines.append(f"- Half of its warnings come within {half} messages of the first sign.")
    return "\n".join(lines)


def _others(real: Row) -> str:
    """How often chats of the collections are warned that it does know, beside those it does not."""
    row = next((row for row in real["pooled"] if row["pool"] == FAMILIAR), None)
    if row is None or not is_strange(strange(real) or row):
        return ""
    return (f", and in {100 * row['warning']['share']:.2f}% of {row['n']:,} of collections it "
            "learned from")  # fmt: skip


def _figures(report: Row, everybody: Row) -> str:
    rows = [(r["language"], r["any"]["n"], share(r["any"]["recall"]),
             share(r["harmless"]["hard"]["warning"]),
             score((r["ranking"]["auroc"] or {}).get("value")))
            for r in report["judging"]["languages"]]  # fmt: skip
    head = ("language", "risky chats", "warned in time, %", "hard harmless ones warned, %", "AUROC")
    return table(head, rows)


def _groups(rows: list[Row]) -> str:
    pairs = next(row for row in rows if row["name"] == "all")["harmless"]
    worst = max((row for row in rows if row["by"] == "group"),
                key=lambda row: row["harmless"]["group"]["share"])  # fmt: skip
    return (
        f"Over {pairs['n']} pairs of harmless chats that differ only in the marks of a group, "
        f"{100 * pairs['reference']['share']:.1f}% of the reference versions and "
        f"{100 * pairs['group']['share']:.1f}% of the groups' versions are warned; most of all "
        f"`{worst['name']}` ({100 * worst['harmless']['group']['share']:.1f}%)."
    )


def _typing(rows: list[Row]) -> str:
    medium = [row for row in rows if row["strength"] == "medium" and row["drop"]]
    if not medium:
        return "How it fares when people type differently was not measured in this report."
    worst = sorted(medium, key=lambda row: -row["drop"]["value"])[:3]
    named = ", ".join(
        f"{r['name'].replace('_', ' ')} ({100 * r['drop']['value']:.0f})" for r in worst
    )
    return f"It loses most, in points of recall, where people write with: {named}."
