"""What WhatsApp itself writes into an export, in seven languages: media, deletions, system lines.

Languages: en, fr, de, it, ja, es, pt. An export is written in the language of the
phone, whatever the people in it write.
"""

from __future__ import annotations

import re

from safelight.importers.media import kind_of_file

#: Invisible direction marks; the left-to-right mark stands before what WhatsApp itself writes.
MARK = "\u200e"
_INVISIBLE = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACES = re.compile("[\u00a0\u202f]")

#: Exports without media: what stands for one whose kind is not said is a `file`.
_PLACEHOLDERS: dict[str, tuple[str, ...]] = {
    "file": (
        "<media omitted>",
        "<médias omis>",
        "<medien ausgeschlossen>",
        "<media omessi>",
        "<メディアは含まれていません>",
        "<メディアなし>",
        "<multimedia omitido>",
        "<archivo omitido>",
        "<mídia oculta>",
        "<mídia omitida>",
        "<arquivo de mídia oculto>",
        "<ficheiro de multimédia omitido>",
        "document omitted",
        "document absent",
        "dokument weggelassen",
        "documento omesso",
        "文書は省略されました",
        "ドキュメント省略",
        "documento omitido",
        "documento ocultado",
    ),
    "image": (
        "image omitted",
        "gif omitted",
        "image absente",
        "gif absent",
        "bild weggelassen",
        "gif weggelassen",
        "immagine omessa",
        "gif esclusa",
        "gif omessa",
        "画像は省略されました",
        "画像省略",
        "gifは省略されました",
        "imagen omitida",
        "gif omitido",
        "gif omitida",
        "imagem ocultada",
        "imagem oculta",
        "imagem omitida",
    ),
    "video": (
        "video omitted",
        "video note omitted",
        "vidéo absente",
        "video weggelassen",
        "videonachricht weggelassen",
        "video omesso",
        "videomessaggio omesso",
        "動画は省略されました",
        "動画省略",
        "video omitido",
        "vídeo omitido",
        "vídeo ocultado",
        "vídeo oculto",
    ),
    "voice": (
        "audio omitted",
        "audio absent",
        "audio omis",
        "audio weggelassen",
        "audio omesso",
        "音声メッセージは省略されました",
        "オーディオ省略",
        "audio omitido",
        "áudio ocultado",
        "áudio omitido",
        "áudio oculto",
    ),
    "sticker": (
        "sticker omitted",
        "sticker absent",
        "sticker weggelassen",
        "sticker omesso",
        "sticker non incluso",
        "スタンプは省略されました",
        "ステッカーは省略されました",
        "ステッカー省略",
        "sticker omitido",
        "figurinha omitida",
        "autocolante omitido",
    ),
    "contact": (
        "contact card omitted",
        "fiche contact absente",
        "fiche contact omise",
        "kontaktkarte weggelassen",
        "scheda contatto omessa",
        "連絡先カードは省略されました",
        "連絡先カード省略",
        "tarjeta de contacto omitida",
        "cartão do contato omitido",
        "cartão de contacto omitido",
    ),
    "location": (
        "live location shared",
        "position en direct partagée",
        "live-standort wird geteilt",
        "live-standort geteilt",
        "posizione attuale condivisa",
        "posizione in tempo reale condivisa",
        "ライブ位置情報を共有しました",
        "ubicación en tiempo real compartida",
        "localização em tempo real compartilhada",
        "localização em tempo real partilhada",
    ),
    "deleted": (
        "this message was deleted",
        "you deleted this message",
        "ce message a été supprimé",
        "vous avez supprimé ce message",
        "diese nachricht wurde gelöscht",
        "du hast diese nachricht gelöscht",
        "questo messaggio è stato eliminato",
        "hai eliminato questo messaggio",
        "このメッセージは削除されました",
        "メッセージを削除しました",
        "このメッセージを削除しました",
        "se eliminó este mensaje",
        "eliminaste este mensaje",
        "este mensaje fue eliminado",
        "mensagem apagada",
        "esta mensagem foi apagada",
        "essa mensagem foi apagada",
        "você apagou esta mensagem",
        "apagou esta mensagem",
        "esta mensagem foi eliminada",
        "eliminou esta mensagem",
    ),
}
_KIND_OF = {phrase: kind for kind, phrases in _PLACEHOLDERS.items() for phrase in phrases}

# What a call is called behind WhatsApp's mark; a duration or "tap to call back" may follow.
_CALL = re.compile(
    r"(?:(?:missed|silenced|cancell?ed|declined) )?(?:group )?(?:voice|video) call\b"
    r"|appel (?:vocal|vidéo)\b"
    r"|(?:verpasster )?(?:gruppen-)?(?:sprach|video)anruf\b"
    r"|(?:chiamata vocale|videochiamata)\b"
    r"|音声通話|ビデオ通話|不在着信"
    r"|llamada\b|videollamada\b"
    r"|(?:chamada|ligação) de (?:voz|vídeo)\b",
    re.IGNORECASE,
)
# Without the mark only a missed call, word for word: people write "video call later?".
_MISSED = re.compile(
    r"(?:missed|silenced) (?:group )?(?:voice|video) call"
    r"|appel (?:vocal|vidéo)(?: de groupe)? (?:manqué|en absence)"
    r"|verpasster (?:gruppen-)?(?:sprach|video)anruf"
    r"|(?:chiamata vocale|videochiamata)(?: di gruppo)? persa"
    r"|(?:(?:音声|ビデオ)通話の)?不在着信"
    r"|(?:llamada(?: de voz)?|videollamada)(?: grupal)? perdida(?: de voz)?"
    r"|(?:chamada|ligação) de (?:voz|vídeo)(?: em grupo)? perdida",
    re.IGNORECASE,
)

_ATTACHED = re.compile(
    r"<(?:attached|pièce jointe|anhang|allegato|添付ファイル|添付"
    r"|adjunto|archivo adjunto|anexado|anexo)\s?[:\uff1a]\s?([^<>]+)>"
    r"|(\S.{0,200}?) \((?:file attached|fichier joint|datei angehängt|file allegato"
    r"|添付ファイル|ファイル添付|archivo adjunto|arquivo anexado|ficheiro anexado)\)",
    re.IGNORECASE,
)
_LOCATION = re.compile(
    r"(?:(?:location|localisation|position|standort|posizione|位置情報|ubicación|localização)"
    r"\s?[:\uff1a]\s?)?https?://maps\.(?:google\.com|apple\.com)/\?q=\S+",
    re.IGNORECASE,
)
_EDITED = re.compile(
    r"\s?<(?:this message was edited|ce message a été modifié|diese nachricht wurde bearbeitet"
    r"|questo messaggio è stato modificato"
    r"|このメッセージは編集されました|このメッセージは編集済みです"
    r"|se editó este mensaje|(?:esta )?mensagem (?:foi )?editada)[.。]?>$",
    re.IGNORECASE,
)
#: A notice shows in its first characters.
_NOTICE_HEAD = 200

#: Notices so particular that they are never what a person wrote.
_NOTICE = re.compile(
    r"(?:your )?messages (?:and calls|to this (?:chat|group))\b.{0,60}\bend-to-end encrypt"
    r"|les messages et (?:les )?appels sont chiffrés de bout en bout"
    r"|(?:die )?nachrichten und anrufe sind ende-zu-ende-verschlüsselt"
    r"|i messaggi e le chiamate sono crittografati end-to-end"
    r"|メッセージと通話はエンドツーエンド(?:で)?暗号化"
    r"|los mensajes y (?:las )?llamadas están cifrados de extremo a extremo"
    r"|as mensagens e (?:as )?(?:chamadas|ligações) (?:são|estão) "
    r"(?:protegidas com a criptografia|criptografadas|encriptadas) ",
    re.IGNORECASE,
)

#: Events of a chat; trusted only where nobody is named as the writer or a mark precedes.
_EVENT = re.compile(
    # en
    r"created (?:the |this )?group|\badded\b|\bremoved\b|\bleft$|joined using|was added|were added"
    r"|changed (?:the|this group|their phone|to |your)|security code|disappearing messages"
    r"|message timer|now an admin|pinned a message|blocked this contact|is a contact|started a call"
    # fr
    r"|créé (?:le|ce) groupe|a ajouté|avez ajouté|a retiré|avez retiré|a quitté|a rejoint"
    r"|a (?:changé|modifié) |code de sécurité|messages éphémères|est (?:désormais|maintenant) admin"
    r"|est un contact|bloqué ce contact"
    # de
    r"|gruppe .*erstellt|hinzugefügt|entfernt|gruppe verlassen|beigetreten|geändert"
    r"|sicherheitsnummer|selbstlöschende nachrichten|jetzt admin|blockiert|ist ein kontakt"
    # it
    r"|creato il gruppo|ha aggiunto|hai aggiunto|ha rimosso|hai rimosso|è uscit[oa]|è entrat[oa]"
    r"|ha (?:cambiato|modificato)|codice di sicurezza|messaggi effimeri|(?:è|sei) ora (?:un )?admin"
    r"|tra i tuoi contatti|bloccato questo contatto"
    # ja
    r"|を作成しました|を追加しました|を削除しました|退出しました|参加しました|変更しました|変更されました"
    r"|消えるメッセージ|管理者になりました|ブロックしました"
    # es
    r"|creó (?:el|este) grupo|creaste (?:el|este) grupo|añadió a|te añadió|añadiste a|eliminó a"
    r"|te eliminó|salió del grupo|se unió|cambió |código de seguridad|mensajes temporales"
    r"|ahora eres admin|es un contacto|bloqueaste"
    # pt
    r"|criou (?:o|este) grupo|adicionou|removeu|\bsaiu\b|entrou usando|mudou |alterou "
    r"|código de segurança|mensagens temporárias|agora é admin|é um contato|bloqueou",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """Without direction marks, with ordinary spaces, without blanks at the ends."""
    if text.isascii():
        return text.strip()
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def is_notice(text: str) -> bool:
    """True for what WhatsApp tells everybody, whoever stands as the writer."""
    return _NOTICE.match(plain(text[:_NOTICE_HEAD])) is not None


def is_event(text: str) -> bool:
    """True if a line of WhatsApp's own tells of an event in the chat."""
    return _EVENT.search(plain(text)) is not None


def split_media(text: str) -> tuple[str | None, str]:
    """The medium that a message stands for, or None, and its caption or text.

    Android puts the caption on the lines below the file, iOS before a mark.
    """
    text = _EDITED.sub("", text.rstrip())
    first, _, below = text.partition("\n")
    kind = _kind(plain(first))
    if kind is not None:
        return kind, plain(below)
    before, mark, after = text.rpartition(MARK)
    kind = _kind(plain(after)) if mark else None
    if kind is not None:
        return kind, plain(before)
    return None, _INVISIBLE.sub("", text).strip()


def attached_name(text: str) -> str | None:
    """The name of the file that a message stands for, where the export gives it."""
    for line in (text.partition("\n")[0], text.rpartition(MARK)[2]):
        match = _ATTACHED.fullmatch(plain(line))
        if match:
            return (match[1] or match[2]).strip()
    return None


def _kind(line: str) -> str | None:
    known = _KIND_OF.get(line.casefold().rstrip(".。 "))
    if known is not None:
        return known
    match = _ATTACHED.fullmatch(line)
    if match:
        return kind_of_file(match[1] or match[2])
    return "location" if _LOCATION.fullmatch(line) else None


def is_call(text: str) -> bool:
    """True if a message stands for a call, missed or made."""
    line = plain(text)
    if text.startswith(MARK):
        return _CALL.match(line) is not None
    return len(line) <= _NOTICE_HEAD and _MISSED.fullmatch(line.rstrip(".。")) is not None
