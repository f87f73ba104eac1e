"""LINE's text export: days and clocks, quotes, whose a line is, names with spaces, media."""

from __future__ import annotations

import io

import pytest

from exports import messages, parse, problems
from safelight.importers import ImportedMessage, line
from safelight.importers.line_dates import Orders, moment, parse_day, parse_start
from safelight.importers.text_lines import LOOK_AHEAD

DAY = "2024/01/15(月)"


def said(*lines: str, day: str = DAY, name: str = "x") -> list[str]:
    """Who said what below a day, one line a message."""
    found = parse("\n".join((day, *lines)), "line", name)
    assert problems(found) == []
    return [
        f"{m.sender}{f' [{m.media}]' if m.media else ''}: {m.text}" for m in messages(found)
    ]  # fmt: skip


MOMENTS = [
    ("2024/01/15(月)", "9:05\tA\tx", "2024-01-15 09:05"),
    ("2024/1/15（月）", "午前0:05\tA\tx", "2024-01-15 00:05"),
    ("2024.01.15 月曜日", "午後0:30 A x", "2024-01-15 12:30"),
    ("2024.01.15 Monday", "09:05 A x", "2024-01-15 09:05"),
    ("2024/01/15 Mon", "11:59 PM\tA\tx", "2024-01-15 23:59"),
    ("Mon, 1/15/2024", "12:00AM\tA\tx", "2024-01-15 00:00"),
    ("Mon, 02/05/2024", "09:05\tA\tx", "2024-02-05 09:05"),
    ("Fri, 02/08/2024", "09:05\tA\tx", "2024-08-02 09:05"),
    ("Mo., 05.02.2024", "09:05\tA\tx", "2024-02-05 09:05"),
    ("lun. 05/02/2024", "09:05\tA\tx", "2024-02-05 09:05"),
    ("mié, 07/02/2024", "9:05 p. m.\tA\tx", "2024-02-07 21:05"),
    ("segunda-feira, 05/02/2024", "09:05\tA\tx", "2024-02-05 09:05"),
    ("domenica, 04/02/2024", "09:05\tA\tx", "2024-02-04 09:05"),
]


@pytest.mark.parametrize(("day", "start", "expected"), MOMENTS)
def test_day_and_clock(day: str, start: str, expected: str) -> None:
    found = parse(f"{day}\n{start}\n", "line")
    (message,) = messages(found)
    assert message.sent_at is not None and f"{message.sent_at:%Y-%m-%d %H:%M}" == expected
    assert (message.sender, message.text, problems(found)) == ("A", "x", [])


@pytest.mark.parametrize(
    "text", ["", "2024/01/15", "15/01/2024 party", "(月)", "Mon, 1/15", "2024/01-15(月)", "see Mon"]
)
def test_lines_that_hold_no_day(text: str) -> None:
    assert parse_day(text) is None


def test_weekdays_tell_the_order_of_day_and_month() -> None:
    orders = Orders()
    # The first two fit both orders, the third but one.
    for text in ("Mon, 01/08/2024", "Mon, 08/01/2024", "Tue, 01/09/2024"):
        day = parse_day(text)
        assert day is not None
        orders.add(day)
    start = parse_start("09:05\tA\tx")
    first = parse_day("Mon, 01/08/2024")
    assert start is not None and first is not None
    found = moment(first, start, orders.best())
    assert found is not None and found.month == 1


def test_a_pipe_is_read_as_a_file_is() -> None:
    class Pipe(io.StringIO):
        def seekable(self) -> bool:
            return False

    text = "[LINE] Chat history with A\nMon, 02/05/2024\n" + "09:05\tA\tx\n" * (LOOK_AHEAD * 2)
    both = [list(line.read(kind(text), "x")) for kind in (io.StringIO, Pipe)]
    assert both[0] == both[1]
    assert sum(isinstance(each, ImportedMessage) for each in both[0]) == LOOK_AHEAD * 2


QUOTES = [
    ("several lines", ['9:00\tA\t"one', "", 'two"', "9:01\tB\tyes"], ["A: one\n\ntwo", "B: yes"]),
    ("quotes are doubled", ['9:00\tA\t"say ""hi""', 'and ""go"""'], ['A: say "hi"\nand "go"']),
    ("not doubled", ['9:00\tA\t"say "hi"', 'and go"'], ['A: say "hi"\nand go']),
    ("one line keeps its own", ['9:00\tA\t"hi"', '9:01\tB\t"a" b'], ['A: "hi"', 'B: "a" b']),
    ("never ended", ['9:00\tA\t"hi', "9:01\tB\tyes", '9:02\tA\tok"'],
     ['A: "hi', "B: yes", 'A: ok"']),
    ("a clock inside", ['9:00\tA\t"plan', "10:30 lunch", 'home"'], ["A: plan\n10:30 lunch\nhome"]),
    ("an older chat pasted",
     ['9:00\tA\t"look', "8:10\tB\thi", "9:30\tA\tyo", 'see"', "9:31\tB\tok"],
     ["A: look\n8:10\tB\thi\n9:30\tA\tyo\nsee", "B: ok"]),
    ("an older day pasted", ['9:00\tA\t"look', "2024/01/14(日)", "10:00\tB\thi", 'see"'],
     ["A: look\n2024/01/14(日)\n10:00\tB\thi\nsee"]),
    ("a day that nothing follows", ['9:00\tA\t"on', "2024/01/16(火)", 'we go"'],
     ["A: on\n2024/01/16(火)\nwe go"]),
    ("like an event", ['9:00\tA\t"hi', "9:01\tKim joined the group.", 'and more"'],
     ["A: hi\n9:01\tKim joined the group.\nand more"]),
]  # fmt: skip


@pytest.mark.parametrize(("_", "lines", "expected"), QUOTES, ids=[row[0] for row in QUOTES])
def test_quotes(_: str, lines: list[str], expected: list[str]) -> None:
    assert said(*lines) == expected


EVENTS = [
    "9:01\tKim joined the group.",
    "9:01\t\tKim left the chat",
    "9:01\tKimがグループに参加しました。",
    "9:01\tAがKimをグループに招待しました。",
    "9:01\tAがKimをグループから削除しました。",
    "9:01\tAがKimをグループに招待しました。招待中の友だちが参加するまでしばらくお待ちください。",
    "9:01\tAがKimの招待をキャンセルしました。",
    "9:01\tA added Kim to the group.",
    "9:01\tKim hat die Gruppe verlassen.",
    "9:01\tグループ通話が終了しました。",
    "9:01\tメッセージの送信を取り消しました",
    "9:01\tYou unsent a message.",
]


@pytest.mark.parametrize("event", EVENTS)
def test_lines_of_line_itself_are_nobodys(event: str) -> None:
    assert said("9:00\tA\thi", event, "9:02\tB\tyes") == ["A: hi", "B: yes"]
    assert said(event, "9:02\tB\tyes") == ["B: yes"]


def test_nothing_that_somebody_wrote_is_taken_for_a_line_of_line() -> None:
    for text in ("Kim joined the group.", "Kimが参加しました", "グループ通話が終了しました。"):
        assert said(f"9:00\tA\t{text}") == [f"A: {text}"]
    # What is not known: the line of who is named, else part of what stands before it.
    assert said("9:00\tA\thi", "9:01\tA renamed it: club") == ["A: hi", "A: A renamed it: club"]
    assert said("9:00\tA\thi", "9:01\twho knows") == ["A: hi\n9:01\twho knows"]


NAMES = [
    ("one word", ["9:00 Kim hi there", "9:01 Sam yes"], ["Kim: hi there", "Sam: yes"]),
    ("the title of the file", ["9:00 Kim Lee hi there"], ["Kim Lee: hi there"]),
    ("everybody goes on alike", [f"9:0{n} Ana Ruiz {w} it" for n, w in enumerate("abcde")],
     [f"Ana Ruiz: {w} it" for w in "abcde"]),
    ("a family", [f"9:0{n} Ruiz {who} ok {n}" for n, who in enumerate(("Ana", "Bo") * 3)],
     [f"Ruiz {who}: ok {n}" for n, who in enumerate(("Ana", "Bo") * 3)]),
    ("too little to tell", ["9:00 Ana Ruiz hi"] * 4, ["Ana: Ruiz hi"] * 4),
    ("a word that comes back is no name", [f"9:0{n} Ana ok" for n in range(7)], ["Ana: ok"] * 7),
    ("a plan", ["9:00 Kim so", "8:30 we meet", "8:45 home again", "9:01 Sam yes", "9:02 Kim hi"],
     ["Kim: so\n8:30 we meet\n8:45 home again", "Sam: yes", "Kim: hi"]),
    ("more lines", ["9:00 Kim hi", "", "there", "9:01 Sam yes"], ["Kim: hi\n\nthere", "Sam: yes"]),
]  # fmt: skip


@pytest.mark.parametrize(("_", "lines", "expected"), NAMES, ids=[row[0] for row in NAMES])
def test_names_between_spaces(_: str, lines: list[str], expected: list[str]) -> None:
    assert said(*lines, day="2024.01.15 Monday", name="[LINE]Kim Lee.txt") == expected


def test_lines_of_line_between_spaces_are_nobodys_words() -> None:
    family = [f"10:0{n} 田中 {who} 今日 {n}" for n, who in enumerate(("ゆい", "健") * 4)]
    expected = [f"田中 {who}: 今日 {n}" for n, who in enumerate(("ゆい", "健") * 4)]
    events = [
        "10:20 田中 ゆいがメッセージの送信を取り消しました",
        "10:21 田中 健がメイをグループに招待しました。",
    ]
    assert said(*family, *events, day="2024.01.15 月曜日") == [*expected, "田中 ゆい [deleted]: "]
    alone = ["9:00 ゆい やあ", "9:01 健 うん", "9:02 ゆいがメッセージの送信を取り消しました",
             "9:03 健がグループに参加しました。"]  # fmt: skip
    kept = ["ゆい: やあ", "健: うん", "ゆい [deleted]: "]
    assert said(*alone, day="2024.01.15 月曜日") == kept


def test_a_person_cannot_hide_words_in_a_line_like_line_s_own() -> None:
    for text in ("健がグループに参加しました。", "明日だよがグループに参加しました。"):
        lines = ["9:00 ゆい やあ", f"9:01 健 {text}"]
        assert said(*lines, day="2024.01.15 月曜日")[1] == f"健: {text}"


MEDIA = [
    ("[スタンプ]", "sticker", ""), ("[写真]", "image", ""), ("[動画]", "video", ""),
    ("[ボイスメッセージ]", "voice", ""), ("[ファイル]", "file", ""), ("[位置情報]", "location", ""),
    ("[Sticker]", "sticker", ""), ("[Photo]", "image", ""), ("[Video]", "video", ""),
    ("[Voice message]", "voice", ""), ("[File] a.pdf", "file", "a.pdf"),
    ("[Location] the park", "location", "the park"), ("[アルバム] (null)", "image", ""),
    ("[Foto]", "image", ""), ("[Vídeo]", "video", ""), ("[Mensaje de voz]", "voice", ""),
    ("[Mensagem de voz]", "voice", ""), ("[Archivo]", "file", ""), ("[Arquivo]", "file", ""),
    ("[Ubicación]", "location", ""), ("[Localização]", "location", ""),
    ("[Sprachnachricht]", "voice", ""), ("[Datei]", "file", ""), ("[Standort]", "location", ""),
    ("[Vidéo]", "video", ""), ("[Message vocal]", "voice", ""), ("[Fichier]", "file", ""),
    ("[Messaggio vocale]", "voice", ""), ("[Posizione]", "location", ""),
    ("[Photo] look at this", "image", "look at this"),
    ("☎ 通話時間 10:38", "call", ""), ("☎ 不在着信", "call", ""), ("☎ Canceled call", "call", ""),
    ("☎ 通話に応答がありませんでした", "call", ""), ("☎ No answer", "call", ""),
    ("☎ Anruf abgebrochen", "call", ""), ("☎ Chiamata persa", "call", ""),
    ("Message unsent.", "deleted", ""),
    ("☎ call me at nine", None, "☎ call me at nine"), ("[Notes] x", None, "[Notes] x"),
    ("[x] y", None, "[x] y"), ("写真", None, "写真"), ("Photos", None, "Photos"),
    ("he unsent a message to me", None, "he unsent a message to me"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "media", "left"), MEDIA)
def test_media(text: str, media: str | None, left: str) -> None:
    (message,) = messages(parse(f"{DAY}\n9:00\tA\t{text}\n", "line"))
    assert (message.media, message.text) == (media, left)


@pytest.mark.parametrize(
    ("text", "media"), [("写真", "image"), ("Stickers", "sticker"), ("Audio", "voice")]
)
def test_media_without_brackets_between_spaces(text: str, media: str) -> None:
    assert said(f"9:00 A {text}") == [f"A [{media}]: "]


@pytest.mark.parametrize(
    "title",
    [
        "Chat history with Kim Lee\nSaved on: 01/16/2024 09:05",
        "Kim Leeとのトーク履歴\n保存日時：2024/01/16 09:05",
    ],
)
@pytest.mark.parametrize("tab", ["\t", " "])
def test_a_title_may_lack_the_mark_of_line(title: str, tab: str) -> None:
    found = parse(f"{title}\n\nMon, 01/15/2024\n09:05PM{tab}Kim Lee{tab}hello\n")
    (message,) = messages(found)
    assert (message.sender, message.text, problems(found)) == ("Kim Lee", "hello", [])


def test_a_file_without_messages_is_refused() -> None:
    (problem,) = problems(parse("[LINE] Aとのトーク履歴\n保存日時：2024/04/02 21:00\n"))
    assert (problem.refused, problem.what) == (1, "no line looks like a message")


def test_very_long_messages_are_cut_and_said_so() -> None:
    found = parse(f"{DAY}\n9:00\tA\t" + "a" * 2_000_000 + "\n9:01\tB\tok\n")
    assert [len(m.text) for m in messages(found)] == [65_536, 2]
    assert [(p.line, "cut" in p.what) for p in problems(found)] == [(2, True)]
