"""Files of other programs that cannot be read are refused by one line that says what to do."""

from __future__ import annotations

import pytest

from exports import messages, parse, problems

PAGE = "<html><head><title>Exported Data</title></head><body>private words</body></html>"
SIGNAL = "[2024-01-15 09:05:12] Kim: hi\n\n[2024-01-15 09:06:12] Me: private words  \n"
UNREAD = [
    ("telegram", f"<!DOCTYPE html>\n{PAGE}", "Machine-readable JSON"),
    ("instagram", PAGE, "as JSON"),
    ("in capitals", f"\ufeff\n<!doctype HTML>{PAGE}", "as JSON"),
    ("chat lines in it", f"{PAGE}\n15/01/2024, 09:05 - Kim: private words", "as JSON"),
    ("discord", '[{"ID": 1, "Timestamp": "2024-01-15 09:05:12", "Contents": "private words"}]',
     "holds only its owner's messages"),
    ("discord csv", 'ID,Timestamp,Contents,Attachments\n1,2024-01-15 09:05:12,"private words",',
     "holds only its owner's messages"),
    ("media", f"{SIGNAL}![cat](./media/cat.jpg)\n", "data.json"),
    ("reaction", f"{SIGNAL}(- Kim: 👍 -)\n", "data.json"),
    ("deleted", f"{SIGNAL}[2024-01-15 09:07:12] Kim: (This message was deleted)\n", "data.json"),
]  # fmt: skip


@pytest.mark.parametrize(("_", "text", "words"), UNREAD, ids=[row[0] for row in UNREAD])
def test_one_line_says_what_to_do(_: str, text: str, words: str) -> None:
    found = parse(text)
    (problem,) = problems(found)
    assert (found, problem.refused) == ([problem], 1)
    assert words in problem.what and "private" not in problem.what


@pytest.mark.parametrize(
    "text",
    [
        "[2024-01-15, 09:05:12] Me: hi\n[2024-01-15, 09:06:12] Kim: (This message was deleted)\n",
        "[2024-01-15 09:05:12] Me: <html> is a tag\n[2024-01-15 09:06:12] Kim: (- so -)\n",
    ],
)
def test_what_whatsapp_wrote_is_still_read(text: str) -> None:
    assert len(messages(parse(text))) == 2
