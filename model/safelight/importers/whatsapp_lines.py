"""What a message stands for in an export of WhatsApp, in seven languages: media, calls, deletions.

Languages: en, fr, de, it, ja, es, pt. An export is written in the language of the
phone, whatever the people in it write.
"""

from __future__ import annotations

import re

from safelight.importers.media import kind_of_file
from safelight.importers.whatsapp_words import PLACEHOLDERS

#: Invisible direction marks; the left-to-right mark stands before what WhatsApp itself writes.
MARK = "\u200e"
_INVISIBLE = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACES = re.compile("[\u00a0\u202f]")

_KIND_OF = {phrase: kind for kind, phrases in PLACEHOLDERS.items() for phrase in phrases}

# What a call is called behind WhatsApp's mark.
_CALL = (
    r"(?:(?:missed|silenced|cancell?ed|declined) )?(?:group )?(?:(?:voice|video) )?call(?: failed)?"
    r"|appel (?:vocal|vidéo)(?: de groupe)?(?: manqué| en absence)?"
    r"|(?:verpasster )?(?:gruppen-?)?(?:sprach|video)?anruf"
    r"|(?:chiamata(?: vocale)?|videochiamata)(?: di gruppo)?(?: persa)?"
    r"|(?:音声|ビデオ)通話(?:の?不在着信)?|不在着信"
    r"|(?:llamada(?: de voz)?|videollamada)(?: grupal)?(?: perdida)?(?: de voz)?"
    r"|(?:(?:chamada|ligação)(?: de (?:voz|vídeo))?|videochamada)(?: em grupo)?(?: perdida)?"
)
# What may follow: how long it took, how many were there, what to tap. Nothing else, for a
# sender can type the mark and go on as they like.
_AFTER_CALL = (
    r"(?:\d{1,3}\s?(?:s|secs?|seconds?|m|min|mins|minutes?|h|hr|hrs|hours?|sek|std|seg|ore|ora"
    r"|horas?|heures?|秒|分|時間)\.?\s?){1,3}"
    r"|\d{1,4} (?:joined|invited|participants?|beigetreten|teilnehmer|partecipanti|participantes)"
    r"|(?:tap|click) to call back|no answer|try again|answered on (?:other|another) device"
    r"|focus mode"
    r"|appuyez pour rappeler|(?:pas de|sans) réponse|zum zurückrufen tippen|keine antwort"
    r"|tocca per richiamare|nessuna risposta|タップしてかけ直す|応答なし"
    r"|(?:pulsa|toca) para (?:devolver la llamada|volver a llamar)|sin respuesta"
    r"|toque para (?:retornar a ligação|devolver a chamada|ligar de volta)|sem resposta"
)
_MARKED_CALL = re.compile(rf"(?:{_CALL})(?:[,.、。]?\s*(?:{_AFTER_CALL}))?", re.IGNORECASE)
# Without the mark only a missed call, word for word: people write "video call later?".
_MISSED = re.compile(
    r"(?:missed|silenced) (?:group )?(?:voice|video) call"
    r"|appel (?:vocal|vidéo)(?: de groupe)? (?:manqué|en absence)"
    r"|verpasster (?:gruppen-)?(?:sprach|video)anruf"
    r"|(?:chiamata vocale|videochiamata)(?: di gruppo)? persa"
    r"|(?:(?:音声|ビデオ)通話の?)?不在着信"
    r"|(?:llamada(?: de voz)?|videollamada)(?: grupal)? perdida(?: de voz)?"
    r"|(?:(?:chamada|ligação) de (?:voz|vídeo)|videochamada)(?: em grupo)? perdida",
    re.IGNORECASE,
)

_MAX_CALL = 200  # characters; a longer line is what somebody wrote

_DELETED_BY = re.compile(r"this message was deleted by admin (.{1,200}?)\.?", re.IGNORECASE)
# A name without an ending is no file's: a sender can type the rest around any words.
_FILE = r"\S.{0,200}?\.[a-z0-9]{1,8}"
_ATTACHED = re.compile(
    r"<(?:attached|pièce jointe|anhang|allegato|添付ファイル|添付"
    rf"|adjunto|archivo adjunto|anexado|anexo)\s?[:\uff1a]\s?({_FILE})>"
    rf"|({_FILE}) \((?:file attached|fichier joint|datei angehängt|file allegato"
    r"|添付ファイル|ファイル添付|archivo adjunto|arquivo anexado|ficheiro anexado)\)",
    re.IGNORECASE,
)
_LOCATION = re.compile(
    r"(?:(?:location|localisation|position|standort|posizione|位置情報|ubicación|localização)"
    r"\s?[:\uff1a]\s?)?https?://maps\.(?:google\.com|apple\.com)/\?q=\S+",
    re.IGNORECASE,
)
# A place stands with its name and a page about it; the name stays as the text.
_PLACE = re.compile(
    r"(\S.{0,400}?)\s?:?\s?https?://(?:\w+\.)?foursquare\.com/v/[\w/-]{1,80}", re.DOTALL
)
# Android repeats the name of a document on the line below it; "see.you" alone is somebody's word.
_DOCUMENT = re.compile(
    r"[^\s/\\:]{1,200}\.(?:pdf|docx?|xlsx?|pptx?|txt|csv|rtf|od[tsp]|epub|zip|rar|7z|apk)",
    re.IGNORECASE,
)
_EDITED = re.compile(
    r"[\s\u200e]{0,3}<(?:this message was edited|ce message a été modifié"
    r"|diese nachricht wurde bearbeitet"
    r"|questo messaggio è stato modificato"
    r"|このメッセージは編集されました|このメッセージは編集済みです"
    r"|se editó este mensaje|(?:esta )?mensagem (?:foi )?editada)[.。]?>$",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """Without direction marks, with ordinary spaces, without blanks at the ends."""
    if text.isascii():
        return text.strip()
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def split_media(text: str) -> tuple[str | None, str]:
    """The medium that a message stands for, or None, and its caption or text.

    Android puts the caption on the lines below the file, iOS before a mark.
    """
    text = _unedited(text)
    first, _, below = text.partition("\n")
    kind = "call" if _is_call(first) else _kind(plain(first))
    if kind is not None:
        repeated = _name_below(first, below) is not None
        caption = below.partition("\n")[2] if repeated else below
        return kind, _with_title(first, plain(caption))
    before, mark, after = text.rpartition(MARK)
    kind = _kind(plain(after)) if mark else None
    if kind is not None:
        return kind, _with_title(after, plain(_unedited(before)))
    place = _PLACE.fullmatch(plain(text))
    if place is not None:
        return "location", place[1]
    return None, _INVISIBLE.sub("", text).strip()


def _unedited(text: str) -> str:
    """Without the note at the end that a message was edited."""
    return _EDITED.sub("", text.rstrip())


def _with_title(line: str, caption: str) -> str:
    """The caption of a file, after its name where that is words: a sender may have typed them."""
    name = _name_in(line)
    if name is None or " " not in name:
        return caption
    return f"{name}\n{caption}" if caption else name


def attached_name(text: str) -> str | None:
    """The name of the file that a message stands for, where the export gives it."""
    text = _unedited(text)
    first, _, below = text.partition("\n")
    return _name_in(first) or _name_in(text.rpartition(MARK)[2]) or _name_below(first, below)


def _name_in(line: str) -> str | None:
    match = _ATTACHED.fullmatch(plain(line))
    return None if match is None else (match[1] or match[2]).strip()


def _name_below(line: str, below: str) -> str | None:
    """The name of the file on `line` if it stands below once more, or there alone."""
    top, name = plain(below.partition("\n")[0]), _name_in(line)
    if name is not None:
        return name if top == name else None
    alone = _kind(plain(line)) == "file" and _DOCUMENT.fullmatch(plain(below)) is not None
    return top if alone else None


def deleting_admin(text: str) -> str | None:
    """Who deleted a message of somebody else, if the text says that and nothing more."""
    match = _DELETED_BY.fullmatch(plain(text))
    return None if match is None else match[1]


def is_missed_call(line: str) -> bool:
    """True if a line is what WhatsApp calls a missed call, word for word."""
    return _MISSED.fullmatch(plain(line).rstrip(".。")) is not None


def _is_call(line: str) -> bool:
    """True if a line stands for a call, missed or made."""
    if len(line) > _MAX_CALL:
        return False
    if not line.startswith(MARK):
        return is_missed_call(line)
    return _MARKED_CALL.fullmatch(plain(line).rstrip(".。")) is not None


def _kind(line: str) -> str | None:
    known = _KIND_OF.get(line.casefold().rstrip(".。 "))
    if known is not None:
        return known
    name = _name_in(line)
    if name is not None:
        return kind_of_file(name)
    return "location" if _LOCATION.fullmatch(line) else None
