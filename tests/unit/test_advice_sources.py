"""Every claim of the advice rests on a public page that was read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import safelight
from safelight.advice import AUDIENCES
from safelight.resources import STAGE_KEYS

_FILE = Path(safelight.__file__).parent / "bundle" / "advice" / "en.json"
#: All languages cite what English cites (test_advice_copy.py).
STAGES = json.loads(_FILE.read_text(encoding="utf-8"))["stages"]

_NCAC = "https://www.nationalcac.org/steps-to-take-following-financial-sextortion/"
_IWF_NEWS = "https://iwf.org.uk/news-media/news/"
_NOT_YOUR_FAULT = (
    f"{_IWF_NEWS}iwf-urges-young-people-to-get-help-as-criminals-target-younger-children-in-"
    "sextortion-scams"
)
_TAKEN_DOWN = (
    f"{_IWF_NEWS}teenage-boys-targeted-as-hotline-sees-heartbreaking-increase-in-child-sextortion-"
    "reports"
)
_PAYING = "https://www.missingkids.org/blog/2024/ncmec-releases-new-sextortion-data"
_NCA = "https://youthworkunit.com/news/nca-issues-urgent-warning-about-sextortion-and-what-to-do/"
_C3P = (
    "https://protectchildren.ca/en/press-and-media/news-releases/2024/"
    "sextortion-information-campaign"
)
_KEEP = "https://www.iwf.org.uk/resources/sextortion/parents-and-carers/"
_KEEP_OPEN = (
    "https://www.ansa.it/sardegna/notizie/2022/08/26/sextortion-ai-danni-di-minorenni-sei-casi-in-"
    "sardegna_3f235356-f092-42fa-b463-c38c40b3f5cb.html"
)
_EVIDENCE = "https://esafety.gov.au/esafety-information/esafety-issues/unwanted-contact"
_CEOP = "https://www.thinkuknow.co.uk/11_13/help/CEOP/"
_988 = "https://988lifeline.org/get-help/what-to-expect"
_TEXT_LINE = "https://kidshelpphone.ca/text-about-it/"
_NUMBERS = (
    "https://www.info.gouv.fr/actualite/harcelement-agressions-violences-trois-numeros-pour-aider"
    "-les-enfants-en-danger"
)
#: What is said, as an expression in English, and the pages of which one must then be cited.
CLAIMS = [
    (r"not your fault", (_NCAC, _NOT_YOUR_FAULT)),
    (r"\bpay|\bpaid", (_PAYING, _NCA)),
    (r"stop replying|don't send more", (_C3P, _EVIDENCE)),
    (r"keep (the|all) messages", (_KEEP, _NCAC, _EVIDENCE)),
    (r"account open", (_KEEP_OPEN, _NCAC)),
    (r"screenshot|save the chat", (_EVIDENCE,)),
    (r"\bblock\b", (_NCA, _C3P)),
    (r"police", (_NCA,)),
    (r"take a picture down", (_TAKEN_DOWN,)),
    (r"someone you trust", (_CEOP, _C3P, _NCA)),
    (r"signs", (_CEOP, _EVIDENCE)),
    (r"emergency number", (_988, _NUMBERS)),
    (r"write to a (helper|crisis line)", (_TEXT_LINE,)),
]
#: Every page that advice may cite, all of them read: design/help_resources.md, rows [V].
PAGES = {page for _, pages in CLAIMS for page in pages}


def text_of(stage: str, audience: str) -> str:
    words = STAGES[stage][audience]
    said = (words["title"], *words["lines"], words["action"], *words["steps"])
    return " ".join(said).casefold().replace("’", "'")


def unsourced(text: str, cited: set[str]) -> list[str]:
    return [claim for claim, pages in CLAIMS
            if re.search(claim, text) and not cited & set(pages)]  # fmt: skip


@pytest.mark.parametrize("stage", STAGE_KEYS)
def test_every_claim_has_a_source_and_every_source_was_read(stage: str) -> None:
    cited = {source["url"] for source in STAGES[stage]["sources"]}
    assert cited and cited <= PAGES
    assert len(cited) == len(STAGES[stage]["sources"])
    for audience in AUDIENCES:
        assert unsourced(text_of(stage, audience), cited) == []


def test_a_claim_without_its_source_is_found() -> None:
    assert unsourced("if you pay, it rarely stops.", {_CEOP}) == [r"\bpay|\bpaid"]
    assert unsourced("if you pay, it rarely stops.", {_NCA}) == []
