"""The thresholds of a finished bundle, chosen anew: the same model, on the phone of today.

For a change of text preparation, of the policy or of the budgets; nothing of the bundle is trained.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import torch

from safelight_export.bundle import write_bundle
from safelight_export.text_table import build_table

from .corpora import CorpusError
from .costs import Costs
from .from_bundle import read
from .operating_point import choose, judging_chats
from .recipe import Settings, cross_fitted, load_data
from .replayed import Replayed


def run(settings: Settings, bundle: Path, strange: bool = False) -> Path:
    """Writes `settings.work`/bundle: the model and tokenizer of `bundle`, the text table of this
    code, and the thresholds that validation, with the own chats of `settings`, and its real chats
    now give.

    What a training decided (calibration, language rule, versions, seed) stays; `sequence` rises by
    one. `strange`: real chats of corpora that training never saw set them alone, so that no chat
    is judged by a model that trained on its corpus; fewer chats allow fewer alarms. Where
    `settings` ask for cross-fitting, those of the other corpora count as students hear them that
    are trained for it.
    Raises BundleError, which names `bundle`, where it cannot be read, and CorpusError where there
    is no real chat to choose by, or too few corpora for cross-fitting.
    """
    torch.set_num_threads(settings.threads)
    files, sizes = (found := read(bundle)).files, found.manifest
    manifest = {key: value for key, value in sizes.raw.items() if key != "files"}
    languages = (*sizes.languages, *settings.more_languages)
    settings = replace(settings, seed=manifest["seed"], more_languages=languages)
    data = load_data(settings)
    table, model, tokenizer = build_table(), files["model.onnx"], files["tokenizer.json"]
    graph = Replayed(model, tokenizer, table, sizes)
    judging = None if settings.smoke else judging_chats()
    real = data.strange() if strange else data.calibration()
    if not any(c["is_chat"] for c in real):
        raise CorpusError(
            "no real chats to choose thresholds by"
            + (": none of a corpus that training never saw" if strange else "")
        )
    crossfitted = cross_fitted(settings, data, Costs(None))
    chosen = choose(graph, data.of("validation"), real, judging, crossfitted)
    if language := manifest["evidence"].get("language"):  # of the rule, which stays
        chosen["evidence"]["language"] = language
    manifest |= chosen
    manifest |= {"sequence": sizes.sequence + 1, "created": date.today().isoformat()}
    folder = settings.work / "bundle"
    write_bundle(folder, model, tokenizer, table, manifest, content=bundle)
    return folder
