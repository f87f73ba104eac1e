"""Order of day and month, and clocks, decided by what a file holds."""

from __future__ import annotations

import io

import pytest

from safelight.importers import ImportedMessage, ImportProblem, whatsapp
from safelight.importers.text_lines import LOOK_AHEAD
from safelight.importers.whatsapp_dates import (
    Evidence,
    Order,
    day_of,
    moment_of,
    parse_start,
)

CLOCKS = [
    ("12/31/21, 11:59 PM - A: x", Order.MONTH_FIRST, "2021-12-31 23:59:00"),
    ("12/31/21, 11:59\u202fPM - A: x", Order.MONTH_FIRST, "2021-12-31 23:59:00"),
    ("12/31/21, 12:00 AM - A: x", Order.MONTH_FIRST, "2021-12-31 00:00:00"),
    ("31/12/2021, 12:30 pm - A: x", Order.DAY_FIRST, "2021-12-31 12:30:00"),
    ("31/12/21 11:59\u202fp.\u202fm. - A: x", Order.DAY_FIRST, "2021-12-31 23:59:00"),
    ("[31/12/2021, 23:59:59] A: x", Order.DAY_FIRST, "2021-12-31 23:59:59"),
    ("\u200e[31/12/2021 23:59:59] A: x", Order.DAY_FIRST, "2021-12-31 23:59:59"),
    ("31.12.21, 23:59 - A: x", Order.DAY_FIRST, "2021-12-31 23:59:00"),
    ("31/12/2021 à 23:59 - A: x", Order.DAY_FIRST, "2021-12-31 23:59:00"),
    ("31/12/21, 23.59 - A: x", Order.DAY_FIRST, "2021-12-31 23:59:00"),
    ("2021/12/31 23:59 - A: x", Order.YEAR_FIRST, "2021-12-31 23:59:00"),
    ("2021-12-31, 23:59 - A: x", Order.YEAR_FIRST, "2021-12-31 23:59:00"),
    ("2021-12-31 23 h 59 - A: x", Order.YEAR_FIRST, "2021-12-31 23:59:00"),
    ("2021-12-31 23\u202fh\u202f59 - A: x", Order.YEAR_FIRST, "2021-12-31 23:59:00"),
    ("[2021-12-31, 23 h 59 min 12 s] A: x", Order.YEAR_FIRST, "2021-12-31 23:59:12"),
    ("[31/12/2564 BE, 23:59:12] A: x", Order.DAY_FIRST, "2021-12-31 23:59:12"),
    ("[31/12/2564, 23:59:12] A: x", Order.DAY_FIRST, "2021-12-31 23:59:12"),
    ("[R3/12/31 23:59:12] A: x", Order.YEAR_FIRST, "2021-12-31 23:59:12"),
    ("[12/31/R3, 11:59:12\u202fPM] A: x", Order.MONTH_FIRST, "2021-12-31 23:59:12"),
    ("[H30/12/31 23:59:12] A: x", Order.YEAR_FIRST, "2018-12-31 23:59:12"),
    ("[2021/12/31 午後11:59:10] A: x", Order.YEAR_FIRST, "2021-12-31 23:59:10"),
    ("[2021/12/31 午後0:30:00] A: x", Order.YEAR_FIRST, "2021-12-31 12:30:00"),
    ("[2021/12/31 午前0:05:00] A: x", Order.YEAR_FIRST, "2021-12-31 00:05:00"),
]


@pytest.mark.parametrize(("line", "order", "expected"), CLOCKS)
def test_clock(line: str, order: Order, expected: str) -> None:
    stamp = parse_start(line)
    assert stamp is not None and stamp.rest == "A: x"
    evidence = Evidence()
    evidence.add(stamp)
    assert evidence.best() == order
    moment = moment_of(stamp, order)
    assert moment is not None and f"{moment:%Y-%m-%d %H:%M:%S}" == expected


@pytest.mark.parametrize(
    "line",
    [
        "",
        "see you 31/12/2021, 23:59 - ok",
        "31/12/2021",
        "10:30 - 11:30 maths",
        "[12:30] A: x",
        "1. first - A: x",
        "31/12-2021, 23:59 - A: x",
        "[S50/12/31 23:59:12] A: x",
        "[12/R3/31 23:59:12] A: x",
    ],
)
def test_lines_that_go_on_with_a_message(line: str) -> None:
    assert parse_start(line) is None


ORDERS = [
    ("a number above 12 comes second", ["1/5/21", "1/13/21"], Order.MONTH_FIRST),
    ("a number above 12 comes first", ["1/5/21", "13/1/21"], Order.DAY_FIRST),
    ("the chat would jump back", ["01/02/2022", "02/01/2022"], Order.MONTH_FIRST),
    ("days in a row, month last", ["01/05/21", "02/05/21", "03/05/21", "04/05/21"],
     Order.DAY_FIRST),
    ("days in a row, month first", ["05/01/21", "05/02/21", "05/03/21", "05/04/21"],
     Order.MONTH_FIRST),
    ("one impossible date proves nothing", ["25/12/21", "99/99/21", "26/12/21"], Order.DAY_FIRST),
    ("two-digit years first", ["21-12-30", "21-12-31", "22-01-01"], Order.YEAR_FIRST),
    ("nothing decides: day first", ["01/02/2021"], Order.DAY_FIRST),
]  # fmt: skip


@pytest.mark.parametrize(("why", "days", "order"), ORDERS, ids=[row[0] for row in ORDERS])
def test_order(why: str, days: list[str], order: Order) -> None:
    evidence = Evidence()
    for day in days:
        stamp = parse_start(f"{day}, 10:00 - A: x")
        assert stamp is not None
        evidence.add(stamp)
    assert evidence.best() == order


def test_american_style_decides_where_nothing_else_does() -> None:
    stamp = parse_start("1/2/21, 3:04\u202fPM - A: x")
    assert stamp is not None
    evidence = Evidence()
    evidence.add(stamp)
    assert evidence.best() == Order.MONTH_FIRST


@pytest.mark.parametrize(
    "day", ["31/02/2021", "00/01/2021", "1/1/021", "1/1/1850", "2021/31/12", "1/1/2643"]
)
def test_days_that_do_not_exist(day: str) -> None:
    stamp = parse_start(f"{day}, 10:00 - A: x")
    assert stamp is not None
    assert [day_of(stamp, order) for order in (Order.DAY_FIRST, Order.YEAR_FIRST)] == [None, None]


class _Pipe(io.StringIO):
    """Text that can be read once only."""

    def seekable(self) -> bool:
        return False


def _chat(days: list[str]) -> str:
    return "".join(f"{day}, 10:00 - Mia: hello\n" for day in days)


def test_a_file_is_read_twice_so_that_its_last_line_decides_about_the_first() -> None:
    text = _chat(["01/02/2021"] * (LOOK_AHEAD + 10) + ["01/13/2021"])
    found = list(whatsapp.read(io.StringIO(text), "chat.txt"))
    moments = {m.sent_at.month for m in found if isinstance(m, ImportedMessage) and m.sent_at}
    assert moments == {1}
    assert not [record for record in found if isinstance(record, ImportProblem)]


def test_a_pipe_decides_early_and_says_when_it_was_wrong() -> None:
    text = _chat(["01/02/2021"] * (LOOK_AHEAD + 10) + ["01/13/2021", "01/14/2021"])
    found = list(whatsapp.read(_Pipe(text), "chat.txt"))
    months = [m.sent_at.month for m in found if isinstance(m, ImportedMessage) and m.sent_at]
    assert months[0] == 2 and months[-2:] == [1, 1]
    problems = [record for record in found if isinstance(record, ImportProblem)]
    assert [problem.line for problem in problems] == [LOOK_AHEAD + 11]


def test_a_short_pipe_is_decided_like_a_file() -> None:
    found = list(whatsapp.read(_Pipe(_chat(["01/02/2021", "01/13/2021"])), "chat.txt"))
    months = [m.sent_at.month for m in found if isinstance(m, ImportedMessage) and m.sent_at]
    assert months == [1, 1]
