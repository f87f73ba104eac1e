"""The real chat corpora: where each comes from, its licence, whom to credit.

Share-alike sources are used for training only and never redistributed. Two sources with
the same `relation` hold versions of the same dialogues (the part of the id after the
colon names the dialogue), which therefore stay in one split.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """One corpus. `is_chat` is false for single messages and question-answer pairs."""

    name: str
    language: str
    url: str
    licence: str
    attribution: str
    relation: str = ""
    is_chat: bool = True

    def dialogue(self, conversation_id: str) -> str:
        """Name of the source dialogue, the unit of splitting."""
        return f"{self.relation or self.name}:{conversation_id.partition(':')[2]}"


GITHUB = "https://github.com/"
CHATTERBOT = GITHUB + "gunthercox/chatterbot-corpus"
XPERSONA = GITHUB + "HLTCHKUST/Xpersona"
UCI_SMS = "https://archive.ics.uci.edu/dataset/228/sms+spam+collection"
MIT_PERSONA = "MIT (repository); base PersonaChat/ConvAI2 licence not confirmed"


def _chatterbot(language: str) -> Source:
    return Source(f"chatterbot_{language}", language, CHATTERBOT, "BSD-3-Clause",
                  "Gunther Cox and contributors, chatterbot-corpus", is_chat=False)  # fmt: skip


def _xpersona(language: str) -> Source:
    return Source(f"xpersona_{language}", language, XPERSONA, MIT_PERSONA,
                  "Lin et al., XPersona (2020)", relation="xpersona")  # fmt: skip


def _diabla(language: str) -> Source:
    return Source(f"diabla_{language}", language, GITHUB + "rbawden/DiaBLa-dataset",
                  "CC BY-SA 4.0", "Bawden et al., DiaBLa (2021)", relation="diabla")  # fmt: skip


def _sms(part: str) -> Source:
    return Source(f"sms_spam_{part}", "en", UCI_SMS, "CC BY 4.0",
                  "Almeida and Hidalgo, SMS Spam Collection", is_chat=False)  # fmt: skip


# fmt: off
_ALL = (
    *(_chatterbot(language) for language in ("de", "en", "es", "fr", "it", "ja", "pt")),
    *(_xpersona(language) for language in ("en", "fr", "it", "ja")),
    *(_diabla(language) for language in ("en", "fr")),
    *(_sms(part) for part in ("ham", "spam")),
    Source("bcontrast_de", "de", GITHUB + "Unbabel/BConTrasT", "CC BY-SA 4.0",
           "Farajian et al., BConTrasT (2020), after Taskmaster-1"),
    Source("casino", "en", GITHUB + "kushalchawla/CaSiNo", "CC BY 4.0",
           "Chawla et al., CaSiNo (2021)"),
    Source("chitchat_byu", "en", GITHUB + "BYU-PCCL/chitchat-dataset", "MIT",
           "Myers et al., BYU Perception, Control and Cognition Laboratory (2020)"),
    Source("minecraft_dialogue", "en", GITHUB + "prashant-jayan21/minecraft-bap-models",
           "UIUC/NCSA open source (repository)",
           "Narayan-Chen et al., Minecraft Dialogue Corpus (2019)"),
    Source("negochat_gpt", "en", GITHUB + "msamogh/GPT-NegoChat-Corpus", "Apache-2.0",
           "msamogh and contributors, GPT-NegoChat-Corpus"),
    Source("persuasionforgood", "en", GITHUB + "ohyj1002/persuasionforgood", "Apache-2.0",
           "Wang et al., Persuasion for Good (2019)"),
    Source("sgd", "en", GITHUB + "google-research-datasets/dstc8-schema-guided-dialogue",
           "CC BY-SA 4.0", "Rastogi et al., Schema-Guided Dialogue (2020)"),
    Source("taskmaster4", "en", GITHUB + "google-research-datasets/Taskmaster", "CC BY 4.0",
           "Google Research, Taskmaster-4"),
    Source("topical_chat", "en", GITHUB + "alexa/Topical-Chat", "CDLA-Sharing-1.0",
           "Gopalakrishnan et al., Topical-Chat (2019)"),
    Source("ubuntu_irc", "en", GITHUB + "jkkummerfeld/irc-disentanglement", "CC BY 4.0 (data)",
           "Kummerfeld et al., IRC disentanglement (2019)"),
    Source("labforsims_fr", "fr", GITHUB + "kleag/labforsims2-corpus", "CC BY-SA 4.0",
           "LabForSIMS2 project"),
    Source("risawoz_fr", "fr", GITHUB + "stanford-oval/dialogues",
           "BSD-3-Clause (repository); base RiSAWOZ licence not confirmed",
           "Moradshahi et al., X-RiSAWOZ (2023)"),
    Source("asdc_ja", "ja", GITHUB + "megagonlabs/asdc", "CC BY 4.0",
           "Megagon Labs, Accommodation Search Dialog Corpus"),
    Source("naist_persuasion_ja", "ja", GITHUB + "Mocchaso/my_graduate_research",
           "CC BY-SA 4.0", "NAIST AHC laboratory, emotional persuasive dialogue"),
    Source("real_persona_chat_ja", "ja", GITHUB + "nu-dialogue/real-persona-chat",
           "CC BY-SA 4.0", "Yamashita et al., RealPersonaChat (2023)"),
)
# fmt: on

#: Every corpus that may be read, by name. A file of another name is refused.
SOURCES: dict[str, Source] = {source.name: source for source in sorted(_ALL, key=lambda s: s.name)}
