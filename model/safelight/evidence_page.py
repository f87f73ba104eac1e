"""The evidence file as a page to read and print: one HTML text with no script and no request.

Whatever somebody wrote is escaped and isolated, and what would steer the screen is shown as a
sign. Pictures are named and never shown; nothing on the page is a link.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from html import escape

from safelight.evidence import Evidence, Row, short_digest
from safelight.evidence_parts import CHOICES, LEVELS, Fact, Noticed, Said
from safelight.evidence_words import FOLDER, PageWords

COMMAND = "safelight evidence verify FILE"
#: Controls but tab and newline; embeddings, overrides and isolates that turn text around.
_STEERING = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_STYLE = (FOLDER / "page.css").read_text(encoding="utf-8")
#: At the foot of each printed sheet.
_FOOT = """@page {
  margin: 18mm;
  @bottom-center { content: "DIGEST · " counter(page) "/" counter(pages); font: 9pt monospace; }
}
"""
_HEAD = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{hash}'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
"""


def render(evidence: Evidence, words: PageWords, names: Mapping[str, str]) -> str:
    """Return the page. names: what each indicator is called; needed where some were noticed.

    The evidence must have been verified: the page repeats what the file says.
    """
    style = _STYLE + _FOOT.replace("DIGEST", short_digest(evidence.digest))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    head = _HEAD.format(
        language=words.language,
        hash=f"sha256-{digest}",
        title=escape(words.line["title"]),
        style=style,
    )
    parts = (_first(evidence, words), _facts(evidence, words), _messages(evidence, words, names))
    return head + "".join(parts) + "</main>\n</body>\n</html>\n"


def shown(text: str) -> str:
    """Escape what somebody wrote; a character that steers becomes its code, such as U+202E."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _STEERING.sub(
        lambda found: f'<span class="sign">U+{ord(found[0]):04X}</span>', escape(lines)
    )


def moment(sent_at: str, words: PageWords) -> str:
    """A time as given, with its zone; what is not known is said."""
    if not sent_at:
        return words.line["time_unknown"]
    day, _, clock = sent_at.partition("T")
    at, sign, offset = re.fullmatch(r"([^+-]*)([+-]?)(.*)", clock).groups()  # type: ignore[union-attr]
    at = at.partition(".")[0]
    zone = f"UTC{sign.replace('-', '−')}{offset}" if sign else words.line["zone_unknown"]
    return f"{day} {at} ({zone})"


def _first(evidence: Evidence, words: PageWords) -> str:
    line = words.line
    source = ""
    if evidence.source:
        named = f"<bdi>{shown(evidence.source)}</bdi>"
        source = f'<p class="small">{_filled(line["source"], "source", named)}</p>\n'
    command = _filled(line["how"], "command", f"<code>{COMMAND}</code>")
    lists = "".join(
        f"<h2>{escape(line[f'{key}_title'])}</h2>\n<ul>{_items(words.lists[key])}</ul>\n"
        for key in ("shows", "limits", "pictures", "yours")
    )
    return f"""<section class="first">
<h1>{escape(line["title"])}</h1>
<p>{_filled(line["made"], "time", escape(moment(evidence.created, words)))}</p>
{source}<div class="code">
<h2>{escape(line["code_title"])}</h2>
<strong>{short_digest(evidence.digest)}</strong>
<p>{escape(line["code_note"])}</p>
<p class="small">{escape(line["code_full"])}: <code>{evidence.digest.hex()}</code></p>
<p class="small">{command}</p>
</div>
{lists}</section>
"""


def _items(entries: tuple[str, ...]) -> str:
    return "".join(f"<li>{escape(entry)}</li>" for entry in entries)


def _filled(phrase: str, key: str, html: str) -> str:
    return escape(phrase).replace(f"{{{key}}}", html)


def _facts(evidence: Evidence, words: PageWords) -> str:
    rows = "".join(_fact(row, words) for row in evidence.facts)
    return (
        f"<section>\n<h2>{escape(words.line['facts_title'])}</h2>\n<dl>\n{rows}</dl>\n</section>\n"
    )


def _fact(row: Row[Fact], words: PageWords) -> str:
    fact, name = row.content, str(row.key)
    if fact is None:
        value = f"<em>{escape(words.line['left_out'])}</em>"
    elif name in CHOICES:
        value = f"<bdi>{escape(words.tables['choices'][fact.value])}</bdi>"
    else:
        value = f"<bdi>{shown(fact.value)}</bdi>"
    return f"<dt>{escape(words.tables['facts'][name])}</dt><dd>{value}</dd>\n"


def _messages(evidence: Evidence, words: PageWords, names: Mapping[str, str]) -> str:
    line = words.line
    owner = next((row.content for row in evidence.facts if row.key == "owner"), None)
    handle = None if owner is None else owner.value
    rows = "".join(_rows(evidence, words, names, handle))
    return f"""<section>
<h2 id="messages">{escape(line["messages_title"])}</h2>
<table aria-labelledby="messages">
<thead><tr><th scope="col" class="number">{escape(line["number"])}</th>
<th scope="col" class="who">{escape(line["who"])}</th>
<th scope="col">{escape(line["said"])}</th></tr></thead>
<tbody>
{rows}</tbody>
</table>
</section>
"""


def _rows(
    evidence: Evidence, words: PageWords, names: Mapping[str, str], owner: str | None
) -> Iterator[str]:
    last = int(evidence.messages[0].key) - 1
    for row in evidence.messages:
        number = int(row.key)
        if number > last + 1:
            between = str(last + 1) if number == last + 2 else f"{last + 1}–{number - 1}"
            text = _filled(words.line["not_chosen"], "numbers", between)
            yield f'<tr class="gap"><td colspan="3">{text}</td></tr>\n'
        last = number
        said = row.content
        if said is None:
            cells = f'<td colspan="2"><em>{escape(words.line["left_out"])}</em></td>'
            yield f'<tr><th scope="row" class="number">{number}</th>{cells}</tr>\n'
        else:
            yield _said(said, words, names, said.sender == owner)


def _said(said: Said, words: PageWords, names: Mapping[str, str], own: bool) -> str:
    line = words.line
    mark = f'<span class="small">{escape(line["owner_mark"])}</span>' if own else ""
    body = f'<bdi class="said">{shown(said.text)}</bdi>' if said.text else ""
    if said.media is not None:
        body = _medium(said, words) + body
    elif not body:
        body = f'<em class="small">{escape(line["no_text"])}</em>'
    return (
        f'<tr><th scope="row" class="number">{said.number}</th>'
        f'<td class="who"><strong><bdi>{shown(said.sender)}</bdi></strong>{mark}'
        f'<span class="small">{escape(moment(said.sent_at, words))}</span></td>'
        f"<td{' class=own' if own else ''}>{body}{_noticed(said.noticed, words, names)}</td></tr>\n"
    )


def _medium(said: Said, words: PageWords) -> str:
    kind = escape(words.tables["media"][said.media or "file"])
    where = "" if said.media in ("deleted", "call") else f" ({escape(words.line['not_included'])})"
    named = f"<bdi>{shown(said.file_name)}</bdi>"
    name = f"<br>{_filled(words.line['file_name'], 'name', named)}" if said.file_name else ""
    return f'<span class="medium">{kind}{where}{name}</span>'


def _noticed(noticed: Noticed | None, words: PageWords, names: Mapping[str, str]) -> str:
    if noticed is None or not noticed.indicators:
        return ""
    signs = escape("; ".join(names[name] for name in noticed.indicators))
    level = escape(words.tables["levels"][noticed.level])
    level = "" if noticed.level == LEVELS[0] else f" ({level})"
    return f'<div class="noticed">{escape(words.line["noticed"])} {signs}{level}</div>'
