"""The thresholds of a finished bundle, chosen anew: the same model, on the phone of today.

For a change of text preparation, of the policy or of the budgets; nothing is trained.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from safelight_export.bundle import write_bundle
from safelight_export.text_table import build_table

from .from_bundle import read
from .operating_point import choose, judging_chats
from .recipe import Settings, load_data
from .replayed import Replayed


def run(settings: Settings, bundle: Path) -> Path:
    """Writes `settings.work`/bundle: the model and tokenizer of `bundle`, the text table of this
    code, and the thresholds that validation and the real chats of `settings` now give.

    What a training decided (calibration, language rule, versions, seed) stays; `sequence` rises by
    one. Raises BundleError, which names `bundle`, where it cannot be read.
    """
    files, sizes = (found := read(bundle)).files, found.manifest
    manifest = {key: value for key, value in sizes.raw.items() if key != "files"}
    data = load_data(replace(settings, seed=manifest["seed"], more_languages=sizes.languages))
    table, model, tokenizer = build_table(), files["model.onnx"], files["tokenizer.json"]
    graph = Replayed(model, tokenizer, table, sizes)
    judging = None if settings.smoke else judging_chats()
    chosen = choose(graph, data.of("validation"), data.calibration(), judging)
    if language := manifest["evidence"].get("language"):  # of the rule, which stays
        chosen["evidence"]["language"] = language
    manifest |= chosen
    manifest |= {"sequence": sizes.sequence + 1, "created": date.today().isoformat()}
    folder = settings.work / "bundle"
    write_bundle(folder, model, tokenizer, table, manifest, content=bundle)
    return folder
