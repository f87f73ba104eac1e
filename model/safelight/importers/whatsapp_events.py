"""System lines of WhatsApp, in seven languages: notices, and events of a chat.

A sender can type any sentence, and the mark that stands before WhatsApp's own. So a line
counts as a system line only if the whole of it is known and nothing in it is anybody's
choice: a person in it must be one of this chat, and a group's name is trusted only where
nobody can have written it. What is not known stays what somebody wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from safelight.importers.whatsapp_lines import plain

#: A longer line is what somebody wrote.
_MAX_LENGTH = 300

# Sentences that name nobody; one may follow another.
_NOTICES = (
    # en
    r"(?:your )?messages (?:and calls|you send) (?:to this (?:chat|group) )?(?:are|is) "
    r"(?:now )?(?:secured with end-to-end encryption|end-to-end encrypted)",
    r"messages (?:you send )?to this (?:chat|group)(?: and calls)? are (?:now )?"
    r"(?:secured with end-to-end encryption|end-to-end encrypted)",
    r"no one outside of this chat, not even whatsapp, can read or listen to them",
    r"only people in this chat can read, listen to, or share them",
    r"(?:tap (?:to learn more|for more info|to change(?: this)?|to unblock"
    r"|to message (?:or add (?:the new number|them)|(?:the )?new number)"
    r"|to add (?:it|them) to your contacts|to set your own default timer)"
    r"|learn more|\*learn more\*)",
    r"you're (?:currently )?chatting with their new number",
    r"no one can auto-save media, export history, ask meta ai questions,? or summari[sz]e unread "
    r"messages in this chat",
    r"disappearing messages were turned (?:on|off)",
    r"(?:all )?new messages will disappear (?:from this chat )?# after they're sent"
    r"(?:, except when kept)?", r"new messages will disappear after #",
    r"you (?:un)?blocked this contact",
    r"you're (?:now an|no longer an) admin",
    r"you (?:were|have been) (?:added|removed)",
    r"this group has over \d{1,5} members so now anyone can add others",
    r"this chat is with a business account",
    r"this business (?:uses a secure service from meta to manage this chat"
    r"|is now working with other companies to manage this chat"
    r"|works with other companies to manage this chat)",
    r"waiting for this message", r"this may take a while",
    # fr
    r"les messages et (?:les )?appels sont chiffrés de bout en bout",
    r"aucun tiers, pas même whatsapp, ne peut les lire ou les écouter",
    r"seules les personnes qui participent à cette discussion peuvent les lire, les écouter ou "
    r"les partager",
    r"les messages envoyés dans (?:ce groupe|cette discussion)(?: et les appels)? sont désormais "
    r"protégés avec le chiffrement de bout en bout",
    r"(?:appuyez pour )?en savoir plus", r"appuyez pour plus d'informations",
    r"les nouveaux messages disparaîtront (?:de cette discussion )?# après leur envoi"
    r"(?:, sauf s'ils sont conservés)?",
    r"vous avez (?:dé)?bloqué ce contact", r"vous (?:êtes désormais|n'êtes plus) admin",
    r"en attente de ce message", r"cela peut prendre un moment",
    # de
    r"(?:die )?nachrichten und anrufe sind ende-zu-ende-verschlüsselt",
    r"niemand außerhalb dieses chats kann sie lesen oder anhören, nicht einmal whatsapp",
    r"nur personen in diesem chat können sie lesen, anhören oder teilen",
    r"nachrichten, die du in (?:diesem chat|dieser gruppe) sendest,(?: sowie anrufe,)? sind jetzt "
    r"mit ende-zu-ende-verschlüsselung geschützt",
    r"(?:tippe, um )?mehr (?:zu )?erfahren", r"tippe für mehr infos",
    r"tippe, um eine nachricht zu schreiben(?: oder die neue nummer hinzuzufügen)?",
    r"neue nachrichten verschwinden (?:aus diesem chat )?# nach dem senden"
    r"(?:, sofern sie nicht behalten werden)?",
    r"du hast diesen kontakt (?:blockiert|freigegeben)",
    r"du bist (?:jetzt (?:ein )?|kein(?:\*e)? )admin(?: mehr)?",
    r"(?:warte|warten) auf diese nachricht", r"das kann etwas dauern",
    # it
    r"i messaggi e le chiamate sono crittografati end-to-end",
    r"nessuno al di fuori di questa chat, nemmeno whatsapp, può leggerne o ascoltarne il contenuto",
    r"solo le persone in questa chat possono leggerne, ascoltarne o condividerne il contenuto",
    r"i messaggi (?:e le chiamate )?(?:inviati a|in) (?:questo gruppo|questa chat) sono (?:ora )?"
    r"protetti con la crittografia end-to-end",
    r"(?:tocca per saperne di più|scopri di più)",
    r"tocca per (?:maggiori|ulteriori) info(?:rmazioni)?",
    r"i nuovi messaggi spariranno da questa chat # dopo l'invio(?:, tranne quelli salvati)?",
    r"hai (?:s)?bloccato questo contatto", r"(?:ora sei|non sei più) (?:un )?ammin(?:istratore)?",
    # ja
    r"メッセージと通話はエンドツーエンド(?:で)?暗号化(?:で保護)?されています",
    r"チャットの参加者以外は、たとえwhatsappでも読んだり聞いたりすることはできません",
    r"このチャットの参加者だけが、メッセージを読んだり、聞いたり、共有したりできます",
    r"この(?:グループ|チャット)へのメッセージ(?:と通話)?は、?エンドツーエンドの暗号化で保護されています",
    r"(?:タップして(?:詳細を表示|詳しく見る|ください)|詳細はこちら|詳しくはこちら)",
    r"新しいメッセージは(?:、)?送信から#後に(?:このチャットから)?消えます",
    r"この連絡先を(?:ブロック|ブロック解除)しました", r"あなたが管理者になりました",
    r"このメッセージを待っています", r"しばらくお待ちください",
    # es
    r"los mensajes y (?:las )?llamadas están cifrados de extremo a extremo",
    r"nadie fuera de este chat, ni siquiera whatsapp, puede leerlos ni escucharlos",
    r"solo las personas en este chat pueden leerlos, escucharlos o compartirlos",
    r"los mensajes (?:y llamadas )?en este (?:chat|grupo) ahora están protegidos con cifrado de "
    r"extremo a extremo",
    r"(?:(?:toca|pulsa) para )?obt(?:ener|én) más información",
    r"(?:toca para )?más información|\*más información\*",
    r"los mensajes nuevos desaparecerán de este chat # después de "
    r"(?:enviarse|que se envíen)(?:, excepto si se conservan)?",
    r"(?:des)?bloqueaste a este contacto", r"(?:ahora|ya no) eres admin(?:\. del grupo)?",
    r"esperando este mensaje", r"esto puede tomar tiempo",
    # pt
    r"as mensagens e (?:as )?(?:chamadas|ligações) (?:são|estão) "
    r"(?:protegidas com a criptografia|criptografadas|encriptadas) "
    r"(?:de ponta a ponta|ponto a ponto)"
    r"(?: e ficam somente entre você e os participantes desta conversa)?",
    r"as mensagens (?:e (?:as )?chamadas )?(?:desta conversa|deste grupo) (?:estão|são) (?:agora )?"
    r"protegidas com a criptografia de ponta a ponta",
    r"toque para (?:obter )?mais informações",
    r"nem mesmo o whatsapp pode ler ou ouvi-las",
    r"ninguém fora desta conversa, nem mesmo o whatsapp, pode ler ou ouvi-las",
    r"somente as pessoas que fazem parte da conversa podem ler, ouvir e compartilhar esse conteúdo",
    r"só as pessoas nesta conversa as podem ler, ouvir ou partilhar",
    r"(?:(?:toque|toca) para )?(?:saber(?:es)?|saiba) mais",
    r"(?:todas )?as novas mensagens (?:desaparecerão|irão desaparecer) (?:da|desta) conversa # "
    r"após (?:o envio|serem enviadas)(?:, exceto (?:se (?:forem )?|as )"
    r"(?:mantidas|conservadas|salvas)(?: na conversa)?)?",
    r"(?:você )?(?:des)?bloqueou (?:este|esse) contato",
    r"(?:agora você é|você não é mais) (?:um )?admin",
    r"aguardando mensagem", r"isso pode levar algum tempo",
)  # fmt: skip

# Sentences about people of the chat: @ is one or several of them.
_EVENTS = (
    # en
    r"@ created (?:the|this) group", r"@ (?:added|removed) @", r"@ (?:was|were) (?:added|removed)",
    r"@ left", r"@ joined using (?:this group's|an|a group) invite link",
    r"@ joined using (?:a group link|your invite)", r"@ joined from the community",
    r"@ requested to join", r"@ (?:is|are) (?:now|no longer) an admin",
    r"@ (?:changed|deleted) (?:this group's icon|the group description)",
    r"@ (?:reset|revoked) this group's invite link",
    r"@ turned (?:on|off) admin approval to join this group",
    r"@ turned (?:on|off) advanced chat privacy",
    r"@ changed the settings so (?:only admins|all (?:members|participants)) can edit the group "
    r"settings",
    r"@ changed this group's settings to allow (?:only admins|all (?:members|participants)) to "
    r"(?:send messages to this group|add others to this group"
    r"|edit (?:this group's (?:info|settings)|the group settings))",
    r"this chat is with the official business account of @",
    r"@ (?:un)?pinned a message",
    r"@ (?:started|ended) a (?:group )?(?:call|voice call|video call)",
    r"@ turned (?:on|off) disappearing messages", r"@ updated the message timer",
    r"@ uses? a default timer for disappearing messages in new chats",
    r"@ changed their phone number(?: to a new number)?", r"@ changed to @",
    r"your security code with @ changed", r"@'s security code changed",
    r"@ is (?:now )?(?:in your contacts|a contact)", r"missed (?:voice|video) call from @",
    r"@ (?:is now|registered as) a (?:standard )?business account",
    # fr
    r"@ (?:a|avez) créé (?:le|ce) groupe", r"@ (?:vous )?(?:a|avez) (?:ajouté|retiré|supprimé) @",
    r"@ est partie?", r"@ vous a (?:ajouté|retiré)", r"@ (?:a|avez) quitté(?: le groupe)?",
    r"@ (?:a|avez) rejoint (?:le groupe )?(?:via|en utilisant|à l'aide d'un) (?:le |un )?"
    r"lien d'invitation(?: de ce groupe)?",
    r"@ (?:est|êtes) (?:désormais|maintenant) admin", r"@ n'est plus admin",
    r"@ (?:a|avez) (?:changé|modifié|supprimé) "
    r"(?:l'icône|la photo|la description|les paramètres) (?:de ce|du) groupe",
    r"@ (?:a|avez) (?:dés)?épinglé un message",
    r"@ (?:a|avez) (?:activé|désactivé) les messages éphémères",
    r"votre code de sécurité avec @ a changé", r"@ est un contact",
    # de
    r"@ (?:hat|hast) (?:die|diese) gruppe erstellt",
    r"@ hat zu @ gewechselt", r"@ hat eine neue telefonnummer",
    r"@ (?:hat|hast) @ (?:hinzugefügt|entfernt)", r"@ (?:wurde|wurdest) (?:hinzugefügt|entfernt)",
    r"@ (?:hat|hast) die gruppe verlassen",
    r"@ (?:ist|bist) (?:der gruppe )?(?:über|mit|per) (?:den |einen )?"
    r"(?:gruppen-?)?einladungslink (?:der gruppe )?beigetreten",
    r"@ (?:ist|bist) (?:jetzt|kein) admin(?: mehr)?",
    r"@ (?:hat|hast) (?:das gruppenbild|die gruppenbeschreibung|die gruppeneinstellungen) "
    r"(?:geändert|gelöscht)",
    r"@ (?:hat|hast) eine nachricht (?:angepinnt|angeheftet|fixiert)",
    r"@ (?:hat|hast) (?:die )?selbstlöschende(?:n)? nachrichten "
    r"(?:eingeschaltet|ausgeschaltet|aktiviert|deaktiviert)",
    r"@ hat (?:die|seine|ihre) (?:telefon)?nummer (?:geändert|gewechselt)",
    r"(?:deine|die) sicherheitsnummer (?:für|mit|von) @ hat sich geändert", r"@ ist ein kontakt",
    # it
    r"@ (?:ha|hai) creato (?:il|questo) gruppo", r"@ (?:ti )?(?:ha|hai) (?:aggiunto|rimosso) @",
    r"hai (?:aggiunto|rimosso) @", r"@ ti ha (?:aggiunto|rimosso)", r"@ (?:è|sei) uscit[oa]",
    r"@ ha abbandonato(?: il gruppo)?",
    r"@ (?:è|sei) entrat[oa] (?:usando|tramite|con) (?:il|un) link d'invito(?: del gruppo)?",
    r"@ (?:è|sei) ora (?:un )?ammin(?:istratore)?", r"@ ora è ammin(?:istratore)?",
    r"@ (?:ha|hai) (?:cambiato|modificato|eliminato) "
    r"(?:l'immagine|la descrizione|le impostazioni) (?:di questo|del) gruppo",
    r"@ (?:ha|hai) fissato un messaggio",
    r"@ (?:ha|hai) (?:attivato|disattivato) i messaggi effimeri",
    r"il tuo codice di sicurezza con @ è cambiato", r"@ è tra i tuoi contatti",
    # ja
    r"@(?:さん)?が(?:この)?グループを作成しました",
    r"@(?:さん)?が@(?:さん)?を(?:グループに)?(?:追加|削除)しました",
    r"@(?:さん)?が(?:グループから)?退出しました",
    r"@(?:さん)?が(?:このグループの)?招待リンク(?:を使って|から|で)参加しました",
    r"@(?:さん)?が管理者になりました",
    r"@(?:さん)?が(?:この)?グループの(?:アイコン|説明|設定)を(?:変更|削除)しました",
    r"@(?:さん)?がメッセージをピン留めしました",
    r"@(?:さん)?が消えるメッセージ(?:機能)?を(?:オン|オフ)にしました",
    r"@(?:さん)?とのセキュリティコードが変更されました",
    # es
    r"@ (?:creó|creaste) (?:el|este) grupo",
    r"(?:@ (?:añadió|agregó|eliminó)|(?:@ )?(?:añadiste|agregaste|eliminaste)) a @",
    r"@ te (?:añadió|agregó|eliminó)", r"@ salió(?: del grupo)?",
    r"@ se unió (?:usando|mediante|con|a través de) (?:el|un) enlace de invitación"
    r"(?: de este grupo| del grupo)?",
    r"@ (?:ahora|ya no) es admin(?:\. del grupo)?",
    r"@ (?:cambió|cambiaste|eliminó) (?:el icono|el ícono|la imagen|la descripción|los ajustes) "
    r"(?:de este|del) grupo",
    r"@ (?:fijó|fijaste) un mensaje",
    r"@ (?:activó|desactivó|activaste|desactivaste) los mensajes temporales",
    r"@ cambió su número de teléfono(?: a un nuevo número)?",
    r"cambió tu código de seguridad con @", r"@ es un contacto",
    # pt
    r"@ criou (?:o|este) grupo", r"@ (?:te )?(?:adicionou|removeu) @",
    r"@ te (?:adicionou|removeu)", r"@ foi adicionad[oa](?:\(a\))?", r"@ saiu(?: do grupo)?",
    r"@ entrou (?:no grupo )?usando (?:o|um) link de convite(?: deste grupo)?",
    r"@ agora é admin", r"@ não é mais admin",
    r"@ (?:mudou|alterou|apagou) (?:a imagem|a descrição|as configurações) (?:deste|do) grupo",
    r"@ (?:fixou|afixou) uma mensagem",
    r"@ (?:ativou|desativou) as mensagens temporárias",
    r"@ (?:atualizou|alterou) a duração das mensagens temporárias",
    r"@ mudou (?:o|seu) número de telefone(?: para um novo número)?",
    r"(?:o )?seu código de segurança (?:partilhado )?com @ mudou", r"@ é um contato",
)  # fmt: skip

_COMMUNITY = (
    r"(?:@ added you to a group in the community|you joined a group via invite in the community)"
)
# Sentences that repeat the name of a group: § is a text in quotes that somebody chose.
_GROUP_EVENTS = (
    rf"{_COMMUNITY}: .{{1,120}}",
    r"@ created (?:the )?group §",
    r"@ changed the (?:subject|group name) (?:from § )?to §",
    r"@ (?:a|avez) créé le groupe §",
    r"@ (?:a|avez) (?:changé|modifié) le (?:nom|sujet) du groupe (?:de § )?(?:à|en|pour|par) §",
    r"@ (?:hat|hast) die gruppe § erstellt",
    r"@ (?:hat|hast) (?:den gruppennamen|den betreff|den namen der gruppe) (?:von § )?"
    r"(?:zu|in|auf) § geändert",
    r"@ (?:ha|hai) creato il gruppo §",
    r"@ (?:ha|hai) (?:cambiato|modificato) (?:il nome|l'oggetto) del gruppo (?:da § )?(?:a|in) §",
    r"@(?:さん)?がグループ(?:名)?\s?§を作成しました",
    r"@(?:さん)?がグループ名を(?:§から)?§に変更しました",
    r"@ (?:creó|creaste) el grupo §",
    r"@ (?:cambió|cambiaste) el (?:nombre|asunto) del grupo (?:de § )?a §",
    r"@ criou o grupo §",
    r"@ (?:mudou|alterou) o (?:nome|assunto) do grupo (?:de § )?para §",
)

_YOU = ("you", "du", "dich", "vous", "tu", "te", "ti", "tú", "usted", "você", "あなた")
_AND = re.compile(r", | and | und | et | e | y |、|と")
_OPEN_QUOTE = re.compile('["“„«「][^"“”»」]*$')
_PEOPLE = "(.{1,100}?)"
_BEFORE_COMMUNITY = re.compile(_COMMUNITY.replace("@", _PEOPLE), re.IGNORECASE)
_QUOTED = '["“„«「].{1,120}["”“»」]'
_TIME = (
    r"(?:24 (?:hours|heures|stunden|ore|horas)|(?:7|90) (?:days|jours|tagen?|giorni|días|dias)"
    r"|24時間|(?:7|90)日)"
)


def _any_of(sentences: tuple[str, ...]) -> str:
    return "|".join(sentences).replace("#", _TIME).replace("§", _QUOTED).replace("@", _PEOPLE)


@cache
def _whole(sentences: tuple[str, ...]) -> re.Pattern[str]:
    """One of the sentences, notices behind it. Made when first asked for: it takes a while."""
    more = rf"(?:[.。]?\s*(?:{_any_of(_NOTICES)}))*[.。]?"
    return re.compile(f"(?:{_any_of(sentences)}){more}", re.IGNORECASE)


def is_notice(text: str) -> bool:
    """True for a sentence of WhatsApp's own that names nobody, whole and word for word."""
    line = _line(text)
    return line is not None and _whole(_NOTICES).fullmatch(line) is not None


def is_event(text: str, knows: Callable[[str], bool]) -> bool:
    """True for an event about people whom `knows` holds for, all of them."""
    line = _line(text)
    match = None if line is None else _whole(_EVENTS).fullmatch(line)
    if match is None:
        return False
    return all(_are_known(people, knows) for people in match.groups() if people)


def is_of(text: str, person: str, group: str) -> bool:
    """True for an event that this person did to the group of this name, in no other words."""
    line = _line(text)
    match = None if line is None else _whole(_GROUP_EVENTS).fullmatch(line)
    if line is None or match is None:
        return False
    by = all(people == _line(person) for people in match.groups() if people)
    return by and set(re.findall(_QUOTED.replace(".{1,120}", "(.{1,120})"), line)) == {_line(group)}


def is_group_event(text: str) -> bool:
    """True for an event with the name of a group in it, whoever did it."""
    line = _line(text)
    return line is not None and _whole(_GROUP_EVENTS).fullmatch(line) is not None


def breaks_in_quotes(name: str) -> bool:
    """True if what stands before a colon ends inside the quoted name of a group."""
    return _OPEN_QUOTE.search(name) is not None


def breaks_before_community(name: str) -> bool:
    """True if what stands before a colon ends where the name of a community begins."""
    line = _line(name)
    return line is not None and _BEFORE_COMMUNITY.fullmatch(line) is not None


def _line(text: str) -> str | None:
    """The text as the patterns want it, None if it cannot be a system line."""
    if len(text) > _MAX_LENGTH:
        return None
    return plain(text).replace("’", "'")


def _are_known(people: str, knows: Callable[[str], bool]) -> bool:
    def known(name: str) -> bool:
        return name.casefold() in _YOU or knows(name)

    return known(people) or all(known(name) for name in _AND.split(people))
