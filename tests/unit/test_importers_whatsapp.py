"""WhatsApp exports: no message vanishes or changes hands because of what it says."""

from __future__ import annotations

import pytest

from exports import chats, messages, parse, problems

MARK = "\u200e"
KEPT = "15/01/2024, 09:01 - "
NOTICE = (
    "Messages and calls are end-to-end encrypted. "
    "Only people in this chat can read, listen to, or share them."
)
DE_NOTICE = "Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt."


def android(*lines: str) -> str:
    """An Android export, a minute a line."""
    return "\n".join(f"15/01/2024, 09:{n:02} - {line}" for n, line in enumerate(lines))


def iphone(*lines: str) -> str:
    """An iPhone's export, a minute a line."""
    return "\n".join(f"[15/01/2024, 09:{n:02}:00] {line}" for n, line in enumerate(lines))


def said(text: str) -> list[tuple[str, str]]:
    """Who wrote what; nothing may be wrong with the file."""
    found = parse(text, "whatsapp")
    assert problems(found) == []
    return [(message.sender, message.text) for message in messages(found)]


# What a person can write so that it looks like WhatsApp's own -----------------------------------

LIKE_A_NOTICE = [
    "Messages and calls are end-to-end encrypted here, that is why I like it\nwho plays football?",
    "Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt, sagt Papa. Kommst du zum Training?",
    "Les messages et les appels sont chiffrés de bout en bout, super. Tu viens ?",
    "I messaggi e le chiamate sono crittografati end-to-end, bello. Vieni?",
    "Los mensajes y las llamadas están cifrados de extremo a extremo, qué bien. ¿Vienes?",
    "As mensagens e as chamadas são criptografadas de ponta a ponta, legal. Você vem?",
    "メッセージと通話はエンドツーエンド暗号化されているよ。練習くる?",
    f"{NOTICE} So who is coming?",
]
LIKE_AN_EVENT = [
    "I have changed to the red team",
    "I added sugar, did you?",
    "Tom was added to our team",
    "@Sam you changed your hair",
    "Kim added a ball and left",
    "Kim changed the group name to “come to the match at five”",
    "come to the match at five left",
    "Voice call me tonight about the match",
    "Missed call, see you at the match",
    "This message was deleted by admin come to the match",
]


@pytest.mark.parametrize("text", [*LIKE_A_NOTICE, *LIKE_AN_EVENT])
@pytest.mark.parametrize("export", [android, iphone])
@pytest.mark.parametrize("mark", ["", MARK])
def test_what_a_named_person_writes_stays(text: str, export: object, mark: str) -> None:
    assert callable(export)
    found = said(export("Sam: hi", f"Kim: {mark}{text}", "Sam: ok"))
    assert found == [("Sam", "hi"), ("Kim", text), ("Sam", "ok")]


def test_a_whole_notice_of_a_named_person_stays_where_a_notice_has_no_name() -> None:
    assert said(android(NOTICE, f"Kim: {NOTICE}", "Sam: ok"))[0] == ("Kim", NOTICE)


@pytest.mark.parametrize("name", ["Kim added", "Lee (who left)", "Mudou Saiu", "Alex Entfernt"])
def test_a_name_like_an_event_loses_nothing(name: str) -> None:
    assert said(android(f"{name}: hello", "Sam: hi")) == [(name, "hello"), ("Sam", "hi")]


def test_a_name_that_cannot_be_seen_is_somebody() -> None:
    assert said(android(f"{MARK}: hello", "Sam: hi")) == [("?", "hello"), ("Sam", "hi")]


# Lines inside a message ---------------------------------------------------------------------------


def test_a_dated_line_that_names_nobody_goes_on_with_the_message() -> None:
    plan = "our plan:\n16/01/2024, 18:30 - training\n17/01/2024, 18:30 - match\ntell me"
    text = f"15/01/2024, 09:00 - Kim: {plan}\n15/01/2024, 09:05 - Sam: sure"
    assert said(text) == [("Kim", plan), ("Sam", "sure")]


def test_lines_after_a_system_line_belong_to_the_message_before_it() -> None:
    text = "15/01/2024, 09:00 - Kim: one\n15/01/2024, 09:01 - Kim left\ntwo"
    assert said(text) == [("Kim", "one\ntwo")]


def test_a_dated_line_inside_a_message_does_not_turn_day_and_month() -> None:
    lines = "05/01/2024, 09:00 - Kim: plan\n01/02/2024, 18:30 - match\n06/01/2024, 09:00 - Sam: ok"
    times = [message.sent_at for message in messages(parse(lines))]
    assert [f"{time:%m-%d}" for time in times if time] == ["01-05", "01-06"]


OTHER_FORM = [
    ("15/01/2024, 09:00 - Kim: look:", "[14/01/2024, 20:01:10] Sam: shut",
     "15/01/2024, 09:05 - Sam: yes"),
    ("[15/01/2024, 09:00:00] Kim: look:", "14/01/2024, 20:01 - Sam: shut",
     "[15/01/2024, 09:05:00] Sam: yes"),
]  # fmt: skip


@pytest.mark.parametrize("lines", OTHER_FORM)
def test_quoted_lines_of_the_other_form_stay_with_who_quotes_them(lines: tuple[str, ...]) -> None:
    assert said("\n".join(lines)) == [("Kim", f"look:\n{lines[1]}"), ("Sam", "yes")]


# System lines -------------------------------------------------------------------------------------

NOTICES = [
    NOTICE + " Learn more.",
    "Les messages et les appels sont chiffrés de bout en bout. Aucun tiers, pas même WhatsApp, ne "
    "peut les lire ou les écouter. Appuyez pour en savoir plus.",
    "Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt. Nur Personen in diesem Chat können "
    "sie lesen, anhören oder teilen. Mehr erfahren.",
    "I messaggi e le chiamate sono crittografati end-to-end. Solo le persone in questa chat "
    "possono leggerne, ascoltarne o condividerne il contenuto.",
    "メッセージと通話はエンドツーエンド暗号化されています。このチャットの参加者だけが、"
    "メッセージを読んだり、聞いたり、共有したりできます。",
    "Los mensajes y las llamadas están cifrados de extremo a extremo. Nadie fuera de este chat, ni "
    "siquiera WhatsApp, puede leerlos ni escucharlos. Toca para obtener más información.",
    "As mensagens e ligações são protegidas com a criptografia de ponta a ponta. Somente as "
    "pessoas que fazem parte da conversa podem ler, ouvir e compartilhar esse conteúdo. Saiba mais",
    "As mensagens e chamadas são encriptadas ponto a ponto. Ninguém fora desta conversa, nem mesmo "
    "o WhatsApp, pode ler ou ouvi-las. Toca para saberes mais.",
    "This business uses a secure service from Meta to manage this chat. Tap to learn more.",
    "Waiting for this message. This may take a while.",
    f"{NOTICE} *Learn more*.",
    "You blocked this contact. Tap to unblock.",
    "You unblocked this contact.",
    "Disappearing messages were turned off.",
    "Nachrichten, die du in diesem Chat sendest, sowie Anrufe, sind jetzt mit "
    "Ende-zu-Ende-Verschlüsselung geschützt. Tippe für mehr Infos.",
    "Los mensajes y llamadas en este chat ahora están protegidos con cifrado de extremo a extremo. "
    "Toca para más información.",
    "I messaggi inviati a questo gruppo sono ora protetti con la crittografia end-to-end. Tocca "
    "per maggiori info.",
    "Les messages envoyés dans cette discussion et les appels sont désormais protégés avec le "
    "chiffrement de bout en bout. Appuyez pour plus d’informations.",
    "As mensagens e chamadas desta conversa estão protegidas com a criptografia de ponta a ponta. "
    "Toque para obter mais informações.",
    "Du bist jetzt ein Admin.",
    "Du bist kein*e Admin mehr.",
    "Disappearing messages were turned on. New messages will disappear from this chat 7 days after "
    "they're sent, except when kept. Tap to change.",
]
EVENTS = [
    "Sam pinned a message", "Sam hat eine Nachricht angepinnt", "Sam a épinglé un message",
    "Sam fijó un mensaje.", "Sam ha fissato un messaggio", "Sam fixou uma mensagem",
    "Samがメッセージをピン留めしました",
    "Sam changed the settings so only admins can edit the group settings",
    "Sam changed this group's settings to allow all members to send messages to this group",
    "Kim turned on advanced chat privacy. No one can auto-save media, export history, ask Meta AI "
    "questions, or summarise unread messages in this chat.",
    "Kim changed their phone number to a new number. Tap to message new number.",
    "Kim changed their phone number. You're currently chatting with their new number. Tap to add "
    "it to your contacts.",
    "This chat is with the official business account of Kim. Tap to learn more.",
    "Die Sicherheitsnummer von Kim hat sich geändert. Tippe für mehr Infos.",
    "Kim hat eine neue Telefonnummer. Tippe, um eine Nachricht zu schreiben oder die neue Nummer "
    "hinzuzufügen.", "Kim hat zu Sam gewechselt.",
    "Sam agregó a Kim", "Añadiste a Kim", "Kim te agregó", "Hai aggiunto Kim",
    "Kim ha abbandonato", "Kim est partie",
    "Kim ativou as mensagens temporárias. Todas as novas mensagens desaparecerão desta conversa "
    "24 horas após o envio, exceto se salvas na conversa.",
    "Sam deleted this group's icon", "You're no longer an admin", "Kim requested to join.",
    "Sam reset this group’s invite link", "Sam added Kim and you", "Sam removed Kim", "Kim left",
    "Sam turned on admin approval to join this group",
    "Kim registered as a standard business account. Tap to learn more.",
    "Kim turned on disappearing messages. New messages will disappear from this chat 24 hours "
    "after they're sent, except when kept.",
    "Deine Sicherheitsnummer für Kim hat sich geändert. Tippe, um mehr zu erfahren.",
    "Kim joined from the community", "Kim joined using a group link.",
    "Kim joined using your invite",
    "You updated the message timer. New messages will disappear from this chat 24 hours after "
    "they're sent, except when kept. Tap to change.",
    "Kim uses a default timer for disappearing messages in new chats. New messages will disappear "
    "from this chat 90 days after they're sent, except when kept.",
    "You use a default timer for disappearing messages in new chats. New messages will disappear "
    "from this chat 7 days after they're sent, except when kept. Tap to change.",
]  # fmt: skip


@pytest.mark.parametrize("line", [*NOTICES, *EVENTS])
def test_a_system_line_known_from_end_to_end_is_left_out(line: str) -> None:
    kept = [("Kim", "hi"), ("Sam", "yo")]
    assert said(android("Kim: hi", line, "Sam: yo")) == kept
    assert said(iphone("Kim: hi", f"Sam: {MARK}{line}", "Sam: yo")) == kept


def test_an_event_about_people_who_do_not_write_stays_text() -> None:
    assert said(android("Kim: hi", "Lena left"))[0][1].startswith("hi\n")
    assert said(iphone("Kim: hi", f"Kim: {MARK}Lena left"))[1] == ("Kim", "Lena left")


FIRST_NAME = "Your security code with Kim changed. Tap to learn more."


def test_a_system_line_may_call_its_person_by_the_first_name() -> None:
    kept = [("Kim Lee", "hi"), ("Sam", "yo")]
    assert said(iphone("Kim Lee: hi", f"Kim Lee: {MARK}{FIRST_NAME}", "Sam: yo")) == kept


def test_the_first_name_of_another_person_tells_nothing() -> None:
    line = FIRST_NAME.replace("Kim", "Lena")
    for text in (line, FIRST_NAME.replace("Kim", "Ki"), "Lee left", "Kim left, see you"):
        assert said(iphone(f"Kim Lee: {MARK}{text}", "Sam: yo"))[0] == ("Kim Lee", text)


def test_events_under_the_title_of_a_group_are_left_out() -> None:
    title = [f"Club: {MARK}{line}" for line in (NOTICE, "Lena left", "Sam added Lena and Tom")]
    renamed = f"Club: {MARK}Sam changed the group name to “Hiking: Spring”"
    found = said(iphone(*title, renamed, "~\u202fKim: hi", "Sam: yo"))
    assert found == [("~ Kim", "hi"), ("Sam", "yo")]


MADE = "Sam created group “Club”"


def test_a_group_is_made_by_somebody_who_need_not_write() -> None:
    title = f"Club: {MARK}{NOTICE}"
    for line in (MADE, "Your security code with +44 7470 960001 changed. Tap to learn more."):
        assert said(iphone(title, f"Sam: {MARK}{line}", "Kim: hi")) == [("Kim", "hi")]
    # Another's name, another group, or the title of no group: it stays what was written.
    for first, line in ((title, MADE.replace("Sam", "Kim")), (title, MADE.replace("Club", "now")),
                        ("Kim: hi", MADE)):  # fmt: skip
        assert ("Sam", line) in said(iphone(first, f"Sam: {MARK}{line}", "Kim: hi"))


def test_who_writes_under_the_name_of_the_notice_is_no_title() -> None:
    lines = (f"Kim: {MARK}{NOTICE}", "Kim: hi", f"Kim: {MARK}the match at five left", "Sam: yo")
    assert [name for name, _ in said(iphone(*lines, "Lee: hi"))] == ["Kim", "Kim", "Sam", "Lee"]


GROUPS = [
    'Sam created group "Trip: Rome"',
    'Sam changed the group name from "Trip: Rome" to "Trip: Pisa"',
    "Sam hat die Gruppe „Ausflug: Rom“ erstellt.",
    "Sam hat den Gruppennamen von „Ausflug: Rom“ zu „Ausflug: Pisa“ geändert.",
    'Sam a créé le groupe "Sortie: Rome"',
    'Sam cambió el nombre del grupo de "Viaje: Roma" a "Viaje: Pisa"',
    'Sam ha creato il gruppo "Gita: Roma"',
    'Sam mudou o nome do grupo de "Viagem: Roma" para "Viagem: Pisa"',
    "さくらがグループ「旅行: ローマ」を作成しました",
    "さくらがグループ名を「旅行: ローマ」から「旅行: ピサ」に変更しました",
]


@pytest.mark.parametrize("line", GROUPS)
def test_the_name_of_a_group_invents_nobody(line: str) -> None:
    assert said(android(line, "Kim: hi", "Sam: yo")) == [("Kim", "hi"), ("Sam", "yo")]
    inside = said(android("Kim: hi", line, "Sam: yo"))
    assert [name for name, _ in inside] == ["Kim", "Sam"]
    assert inside[0][1].endswith(line)  # a person may have written it on a further line


COMMUNITY = [
    "Kim Lee added you to a group in the community: Club",
    "You joined a group via invite in the community: Club: Rome",
]


@pytest.mark.parametrize("line", COMMUNITY)
def test_the_name_of_a_community_invents_nobody(line: str) -> None:
    kept = [("Kim Lee", "hi"), ("Sam", "yo")]
    assert said(android(line, "Kim Lee: hi", "Sam: yo")) == kept
    assert said(android("Kim Lee: hi", line, "Sam: yo"))[0] == ("Kim Lee", f"hi\n{KEPT}{line}")
    # Whoever writes under a name can type the mark: their words stay.
    assert said(iphone("Sam: yo", f"Kim Lee: {MARK}{line}"))[1] == ("Kim Lee", line)
    under_title = f"Club: {MARK}{NOTICE}", f"Club: {MARK}{line}"
    assert said(iphone(*under_title, "Kim Lee: hi", "Sam: yo")) == kept


def test_a_person_who_is_called_like_a_community_line_keeps_every_word() -> None:
    name = COMMUNITY[0].partition(":")[0]
    assert said(android(f"{name}: hi", f"{name}: yo")) == [(name, "hi"), (name, "yo")]


# Media --------------------------------------------------------------------------------------------

PLACEHOLDERS = {
    "image": [
        "画像は含まれていません", "GIFは含まれていません", "imagem não revelada",
        "GIF não revelada", "GIF retiré",
    ],
    "video": ["ビデオは含まれていません", "vídeo não revelado", "<Video note omitted>"],
    "voice": [
        "音声は含まれていません", "ficheiro de áudio não revelado",
        "<View once voice message omitted>",
        "<Il messaggio vocale visualizzabile una volta è stato omesso>",
    ],
    "sticker": ["スタンプは含まれていません", "sticker não revelado", "sticker omis"],
    "contact": [
        "連絡先カードを省略", "Contacto não revelado", "Fiche contact manquante",
        "Kontaktkarte ausgelassen",
    ],
    "file": [
        "ドキュメントは含まれていません", "documento não revelado", "document manquant",
        "<Ficheiro não revelado>",
    ],
    "location": [
        "ライブロケーション共有", "Localisation en direct partagée",
        "localização atual compartilhada", "Está a partilhar a sua localização",
    ],
    "call": ["音声通話不在着信", "ビデオ通話不在着信", "Videochamada perdida", "Missed voice call"],
}  # fmt: skip


@pytest.mark.parametrize("media", PLACEHOLDERS)
def test_placeholders(media: str) -> None:
    lines = PLACEHOLDERS[media]
    for text in (android(*(f"Kim: {line}" for line in lines)),
                 iphone(*(f"Kim: {MARK}{line}" for line in lines))):  # fmt: skip
        found = messages(parse(text))
        assert [(each.media, each.text) for each in found] == [(media, "")] * len(lines)


@pytest.mark.parametrize(
    "line",
    [
        f"Group call, {MARK}3 joined", f"Call failed, {MARK}Try again", f"Voice call, {MARK}3 min",
        f"Video call, {MARK}1 hr 5 min", f"Llamada perdida, {MARK}Toca para devolver la llamada",
        f"Silenced voice call, {MARK}Focus mode", f"Group call, {MARK}2 invited",
        f"Missed voice call, {MARK}Click to call back",
        f"音声通話、{MARK}3分", f"Chamada de voz, {MARK}No answer",
    ],
)  # fmt: skip
def test_calls_behind_the_mark(line: str) -> None:
    (found,) = messages(parse(iphone(f"Kim: {MARK}{line}")))
    assert (found.media, found.text) == ("call", "")


def test_a_line_below_a_call_is_kept() -> None:
    (found,) = messages(parse(android("Kim: Missed voice call") + "\nwhere were you?"))
    assert (found.media, found.text) == ("call", "where were you?")


def test_a_message_deleted_by_an_admin_of_the_chat() -> None:
    line = f"Kim: {MARK}This message was deleted by admin Sam."
    found = messages(parse(iphone("Sam: hi", line)))
    assert (found[1].media, found[1].text) == ("deleted", "")


@pytest.mark.parametrize("place", ["Café Luna (High Street 1, Bath): ", "Café Luna\nBath\n"])
def test_a_place_is_a_location_and_keeps_its_name(place: str) -> None:
    link = "https://foursquare.com/v/4b5c0d12f964a520e51f29e3"
    (found,) = messages(parse(android(f"Kim: {place}{link}")))
    assert (found.media, found.text) == ("location", place.rstrip(": \n"))


# Names, other programs ------------------------------------------------------------------


@pytest.mark.parametrize("habit", ["Q", "Sam", "FYI"])
def test_a_habit_of_writing_is_no_name(habit: str) -> None:
    lines = [f"Ann: {habit}: what is {n} + {n}?" for n in (2, 3, 4)]
    found = said(android(lines[0], "Sam: 4", lines[1], "Sam: 6", lines[2]))
    assert found[0] == ("Ann", f"{habit}: what is 2 + 2?")
    assert {name for name, _ in found} == {"Ann", "Sam"}


@pytest.mark.parametrize(
    "text",
    [
        "[2024-01-15 09:05:12] <kim> hello\n[2024-01-15 09:06:12] <sam> ok\n",
        "[2024-01-15 09:05:12] <kim> my plan: come at five\n[2024-01-15 09:06:12] <sam> ok\n",
        "[15/01/2024 09:05] kim\nhello\n\n[15/01/2024 09:06] sam\nok\n",
    ],
)
def test_logs_of_other_programs_are_refused(text: str) -> None:
    found = parse(text)
    assert messages(found) == []
    assert [problem.refused for problem in problems(found)] == [1]
    assert "neither" in problems(found)[0].what


def test_a_file_in_which_nobody_writes_says_so() -> None:
    found = parse(android(DE_NOTICE, "You blocked this contact"))
    assert (chats(found), messages(found)) == ([], [])
    assert [problem.refused for problem in problems(found)] == [1]
    assert "somebody wrote" in problems(found)[0].what


# Files ------------------------------------------------------------------------------------------


def only(text: str) -> tuple[str | None, str]:
    """Medium and text of the one message."""
    (message,) = messages(parse(text, "whatsapp"))
    return message.media, message.text


@pytest.mark.parametrize("text", ["send it now (file attached)", "<attached: send it now>"])
def test_words_around_which_somebody_typed_a_file_s_frame_stay(text: str) -> None:
    assert only(android(f"Ann: {text}")) == (None, text)
    assert only(iphone(f"Ann: {text}")) == (None, text)


def test_the_title_of_a_file_is_read_and_a_name_of_whatsapp_s_own_is_not() -> None:
    assert only(android("Ann: see you at five.pdf (file attached)\nby the gate")) == (
        "file", "see you at five.pdf\nby the gate",
    )  # fmt: skip
    assert only(android("Ann: IMG-20240115-WA0001.jpg (file attached)")) == ("image", "")
    assert only(iphone(f"Ann: for Sam {MARK}<attached: 00000012-Gate at five.pdf>")) == (
        "file", "00000012-Gate at five.pdf\nfor Sam",
    )  # fmt: skip


NAMED_BELOW = [
    ("report.pdf (file attached)\nreport.pdf", "report.pdf", ""),
    ("report.pdf (file attached)\nreport.pdf\nfor Sam", "report.pdf", "for Sam"),
    ("my report.pdf (file attached)\nmy report.pdf", "my report.pdf", "my report.pdf"),
    ("report.pdf (file attached)\nplan.pdf", "report.pdf", "plan.pdf"),
    ("<Media omitted>\nplan.xlsx", "plan.xlsx", ""),
    ("<Media omitted>\nmeet at five.pdf", None, "meet at five.pdf"),
    ("<Media omitted>\nplan.xlsx\nfor Sam", None, "plan.xlsx\nfor Sam"),
    ("<Media omitted>\nok.so", None, "ok.so"),
    ("<Media omitted>\nhttps://example.com/a.pdf", None, "https://example.com/a.pdf"),
]


@pytest.mark.parametrize(("text", "name", "caption"), NAMED_BELOW)
def test_a_file_name_that_is_repeated_below_is_no_caption(
    text: str, name: str | None, caption: str
) -> None:
    (message,) = messages(parse(android(f"Kim: {text}"), "whatsapp"))
    assert (message.media, message.file_name, message.text) == ("file", name, caption)


EDITED = f"{MARK}<This message was edited>"
PHOTO = f"{MARK}<attached: 00000012-PHOTO-2022.jpg>"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"look {MARK}image omitted {EDITED}", None),
        (f"look {EDITED} {MARK}image omitted", None),
        (f"look {PHOTO} {EDITED}", "00000012-PHOTO-2022.jpg"),
        (f"look {EDITED} {PHOTO}", "00000012-PHOTO-2022.jpg"),
    ],
)
def test_a_picture_with_an_edited_caption_is_a_picture(text: str, name: str | None) -> None:
    (message,) = messages(parse(iphone(f"Kim: {text}")))
    assert (message.media, message.file_name, message.text) == ("image", name, "look")
