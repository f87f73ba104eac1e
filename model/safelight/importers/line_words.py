"""What LINE itself writes into an export: media, calls, what was unsent, events of a chat.

Languages: ja, en, es, pt, de, fr, it. The Japanese and English words are those of public parsers
and samples; those of the other languages are what the app calls these things, and less sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: What stands in square brackets for a medium; a name or a place may follow.
_MEDIA: dict[str, tuple[str, ...]] = {
    "sticker": ("スタンプ", "sticker", "stickers", "figurinha", "autocolante", "autocollant",
                "adesivo"),
    "image": ("写真", "画像", "photo", "photos", "foto", "アルバム", "album", "albums",
              "álbum", "gif"),
    "video": ("動画", "video", "videos", "vídeo", "vidéo"),
    "voice": ("ボイスメッセージ", "voice message", "audio", "mensaje de voz", "mensagem de voz",
              "sprachnachricht", "message vocal", "messaggio vocale"),
    "file": ("ファイル", "file", "archivo", "arquivo", "ficheiro", "datei", "fichier"),
    "location": ("位置情報", "location", "ubicación", "localização", "standort", "position",
                 "localisation", "posizione"),
    "contact": ("連絡先", "contact", "contacto", "contato", "kontakt", "contatto"),
}  # fmt: skip
_KIND_OF = {word: kind for kind, words in _MEDIA.items() for word in words}
_BRACKETS = re.compile(r"\[([^\[\]\n]{1,30})\](?:[ \n]+(.*))?", re.DOTALL)
_FILE_NAME = re.compile(r"[^/\\\n]{1,250}\.[A-Za-z0-9]{1,8}")

#: Exports from a computer write some media without brackets.
_BARE = {
    "スタンプ": "sticker", "写真": "image", "動画": "video", "ボイスメッセージ": "voice",
    "Stickers": "sticker", "Photos": "image", "Videos": "video", "Audio": "voice",
}  # fmt: skip

_CALL = re.compile(
    r"☎\ufe0f?\s?(?:(?:(?:グループ)?(?:音声|ビデオ)?通話時間|call time|duración(?: de la llamada)?"
    r"|duração(?: da chamada)?|(?:anruf|gesprächs)dauer|durée(?: de l[’']appel)?"
    r"|durata(?: (?:della )?chiamata)?)[: ]\s?(?:\d{1,2}:){1,2}\d{2}"
    r"|不在着信|通話をキャンセルしました|通話に応答がありませんでした"
    r"|グループ(?:音声|ビデオ)?通話に招待されました"
    r"|missed (?:voice |video )?call|cancell?ed call|no answer"
    r"|llamada (?:perdida|cancelada)|sin respuesta|chamada (?:perdida|cancelada)|sem resposta"
    r"|verpasster anruf|anruf abgebrochen|keine antwort|appel (?:manqué|annulé)|pas de réponse"
    r"|chiamata (?:persa|annullata)|nessuna risposta)[.。]?",
    re.IGNORECASE,
)

_TAKEN_BACK = (
    r"(?:メッセージの送信を取り消しました|unsent a message|message unsent"
    r"|anuló el envío de un mensaje|cancelou o envio de uma mensagem"
    r"|hat eine nachricht zurückgenommen|a annulé l[’']envoi d[’']un message"
    r"|ha annullato l[’']invio di un messaggio)[.。]?"
)
_UNSENT = re.compile(_TAKEN_BACK, re.IGNORECASE)
_UNSENT_BY = re.compile(rf"(?:(.{{1,100}}?)(?:が| (?=[a-zà-ü])))?{_TAKEN_BACK}", re.IGNORECASE)

# Whole lines that hold nothing but names: not the new name of a group, which somebody chose.
_EVENT = re.compile(
    r".{1,200}(?:が(?:グループ|トーク|オープンチャット)?(?:に|を|から)?"
    r"(?:参加|退会|退出)しました|をグループに(?:追加|招待)しました(?:[.。]招待中の友だちが参加するまでしばらくお待ちください)?"
    r"|をグループから(?:削除し|退会させ)(?:まし)?た|が(?:.{1,100}の|グループへの)?招待をキャンセルしました"
    r"|がグループのプロフィール画像を変更しました"
    r"| (?:joined|left) the (?:group|chat)| (?:added|invited) .{1,100} to the group"
    r"| removed .{1,100} from the group| changed the group(?:[’']s)? (?:profile )?photo"
    r"| se unió al grupo| (?:salió|abandonó) (?:del|el) grupo"
    r"| entrou no grupo| saiu do grupo"
    r"| ist der gruppe beigetreten| hat die gruppe verlassen"
    r"| a (?:rejoint|quitté) le groupe"
    r"| (?:è entrat[oa] nel|si è unit[oa] al|ha (?:lasciato|abbandonato) il) gruppo)[.。]?"
    r"|グループ(?:音声|ビデオ)?通話が(?:開始されました|終了しました)[.。]?"
    r"|group (?:voice |video )?(?:call|chat) (?:started|ended)[.。]?",
    re.IGNORECASE,
)


def is_event(line: str) -> bool:
    """True if a line that names no writer tells of an event, with no word of a person's."""
    return len(line) <= 400 and _EVENT.fullmatch(line) is not None


def event_by(line: str) -> Iterator[str]:
    """Whoever may do what such a line tells of in Japanese: what stands in front of a が."""
    if is_event(line):
        yield from (line[: ga.start()] for ga in re.finditer("が", line))


def unsent_by(line: str) -> str | None:
    """Who took a message back by such a line; "" if it does not say, None if it is none."""
    match = _UNSENT_BY.fullmatch(line) if len(line) <= 200 else None
    return None if match is None else match[1] or ""


def split_media(text: str, bare: bool) -> tuple[str | None, str]:
    """The medium that a message stands for, or None, and its text or what follows the medium.

    bare: whether media may stand without brackets.
    """
    if text.startswith("☎") and _CALL.fullmatch(text):
        return "call", ""
    if _UNSENT.fullmatch(text):
        return "deleted", ""
    if bare and text in _BARE:
        return _BARE[text], ""
    match = _BRACKETS.fullmatch(text)
    kind = _KIND_OF.get(match[1].casefold()) if match else None
    if match is None or kind is None:
        return None, text
    return kind, "" if match[2] in (None, "(null)") else match[2].strip()


def file_name(kind: str | None, caption: str) -> str | None:
    """The name of a file, where it stands behind the medium."""
    return caption if kind == "file" and _FILE_NAME.fullmatch(caption) else None
