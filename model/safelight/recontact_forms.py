"""What of a contact can be recognised again: forms of a handle, ids, links. Pure; keeps nothing."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from safelight.text import TextPreparer

#: Letters and digits from which on forms of a handle are compared: as written, without separators,
#: without the digits at its end. Shorter ones are shared by too many people.
LEAST_WRITTEN, LEAST_JOINED, LEAST_STEM = 4, 6, 12
#: Characters of a handle and of a text that are looked at.
MAX_HANDLE, MAX_TEXT = 200, 65_536

_DIGITS, _SEPARATORS = "0123456789", "._ -"
#: Digits and signs for letters, between letters alone: "mia2009" stays. A 1 is an i or an l. Not
#: the table of text.json: a new bundle must not change by what the kept hashes were made.
_LEET_RUN = re.compile(r"(?<=[^\W\d_])[013457@$]{1,4}(?=[^\W\d_])")
_LEET = tuple(dict(zip(map(ord, "013457@$"), f"o{one}eastas", strict=True)) for one in "il")
_MARKS = re.compile("[\u0300-\u036f]")
#: Length of an IBAN by country: the public registry of ISO 13616.
_IBAN_LENGTH = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18,
    "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22,
    "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18,
    "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26,
}  # fmt: skip
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]{2,4}){3,8}")
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_COIN = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?P<checked>[{_BASE58}]{{26,35}})"
    r"|(?P<plain>(?:bc1|ltc1)[02-9ac-hj-np-z]{30,71}|0x[0-9A-Fa-f]{40}))(?![A-Za-z0-9])"
)
#: Pages whose path names an account that takes money.
_PAY_PAGES = ("paypal.me/", "paypal.com/paypalme/", "cash.app/", "venmo.com/u/", "revolut.me/")
_CASH_APP = re.compile("cash ?app", re.IGNORECASE)
_CASHTAG = re.compile(r"(?<![A-Za-z0-9$])\$[A-Za-z][A-Za-z0-9]{1,19}(?![A-Za-z0-9])")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
#: Digits compared of a phone number, from its end: the country's prefix is not always written.
_PHONE_DIGITS = 9
#: Numbers that are free to call belong to help lines and companies, and many people pass them on.
_FREEPHONE = re.compile("(?:00)?(?:1|44|33|49|39|34|351|81)?0?8(?:00|08|33|44|55|66|77|88)")
#: Written where somebody does not want to give a number: few digits again and again, or in a row.
_LEAST_DIGITS, _IN_A_ROW = 3, "1234567"
#: Where a link names a film, a song or an article that many people share, not somebody's page.
_SHARED_HOSTS = (
    "youtube.com", "youtu.be", "wikipedia.org", "wikimedia.org", "google.com", "goo.gl",
    "spotify.com", "music.apple.com", "apps.apple.com", "amazon.com", "netflix.com", "bbc.co.uk",
    "twitch.tv", "giphy.com", "tenor.com", "imgur.com", "github.com", "stackoverflow.com",
)  # fmt: skip
#: Pages that explain something, by the first name of the host or a folder: many pass them on.
_REFERENCE = re.compile(
    r"(?:help|wiki|docs?|support|faq|lists|archive)\..*|.*/(?:wiki|docs|faq)/.*"
)
_TRACKING = re.compile(
    "utm_.*|fbclid|gclid|dclid|msclkid|yclid|igshid|igsh|mc_[ce]id|si|ref|ref_src|source|feature"
)


def handle_forms(preparer: TextPreparer, handle: str) -> set[str]:
    """Forms under which a handle is compared; equal for those that look alike, empty if too short.

    Each starts with how it was made: a form with separators never equals one without.
    """
    written = preparer.folded(handle[:MAX_HANDLE]).casefold()
    written = _MARKS.sub("", unicodedata.normalize("NFKD", preparer.folded(written)))
    written = unicodedata.normalize("NFKC", written).strip("@ ")
    count = sum(map(str.isalnum, written))
    forms = {f"written:{written}"} if count >= LEAST_WRITTEN else set()
    if count >= LEAST_JOINED:
        forms |= {f"joined:{joined}" for joined in _joined(written)}
    stem = written.rstrip(_DIGITS + _SEPARATORS)
    if not _reads_as_a_name(stem):
        forms |= {f"stem:{joined}" for joined in _joined(stem) if len(joined) >= LEAST_STEM}
    return forms


def _joined(written: str) -> set[str]:
    """Letters and digits alone, those for letters undone in each way."""
    kept = "".join(c for c in written if c.isalnum() or c in "@$")
    return {_undone(kept, table).replace("@", "").replace("$", "") for table in _LEET}


def _undone(text: str, table: dict[int, str]) -> str:
    return _LEET_RUN.sub(lambda run: run.group().translate(table), text)


def _reads_as_a_name(stem: str) -> bool:
    """One or two words of letters: people who share a name differ in the digits behind it."""
    words = re.split(f"[{_SEPARATORS}]+", stem)
    return len(words) <= 2 and all(map(str.isalpha, words))


def payment_forms(preparer: TextPreparer, text: str) -> set[str]:
    """IBANs, coin addresses and names at payment services in a text. Gift card codes are none."""
    text = preparer.folded(text[:MAX_TEXT])
    forms = {f"iban:{found}" for found in _ibans(text)}
    for match in _COIN.finditer(text):
        checked, plain = match["checked"], match["plain"]
        if plain or _is_base58check(checked):
            forms.add(f"coin:{plain.lower() if plain else checked}")
    for host, path, _ in _addresses(preparer, text):
        for page in _PAY_PAGES:
            if f"{host}{path}/".startswith(page) and (name := _account(host, path, page)):
                forms.add(f"{page.partition('.')[0]}:{name}")
    if _CASH_APP.search(text):
        forms |= {f"cash:{tag[1:].lower()}" for tag in _CASHTAG.findall(text)}
    return forms


def contact_forms(preparer: TextPreparer, text: str) -> set[str]:
    """E-mail addresses and phone numbers in a text, however they are written."""
    text = preparer.folded(text[:MAX_TEXT])
    mails = (found for found in preparer.found("handle", text) if _EMAIL.fullmatch(found))
    forms = {f"mail:{_mail(found)}" for found in mails}
    for found in preparer.found("phone", text):
        digits = "".join(c for c in found if c in _DIGITS)
        compared = digits[-_PHONE_DIGITS:]
        made_up = len(set(compared)) < _LEAST_DIGITS or _IN_A_ROW in compared
        if len(compared) == _PHONE_DIGITS and not made_up and not _FREEPHONE.match(digits):
            forms.add(f"phone:{compared}")
    return forms


def link_forms(preparer: TextPreparer, text: str) -> set[str]:
    """Host and path of the links in a text, without what only tracks; never a host alone."""
    text = preparer.folded(text[:MAX_TEXT])
    return {
        f"link:{host}{path}{query}"
        for host, path, query in _addresses(preparer, text)
        if (path or query) and not _among(host, _SHARED_HOSTS)
        if not f"{host}{path}/".startswith(_PAY_PAGES)
        if not _REFERENCE.fullmatch(f"{host}{path}/")
    }


def _addresses(preparer: TextPreparer, text: str) -> Iterator[tuple[str, str, str]]:
    """Host, path and query of each link, in lower case; the path without a slash at its end."""
    for found in preparer.found("link", text):
        trimmed = found.rstrip(".,;:!?'\")]}>*_").casefold()
        try:
            parts = urlsplit(trimmed if "://" in trimmed else f"https://{trimmed}")
            host = parts.hostname or ""
        except ValueError:  # brackets that hold no address
            continue
        kept = sorted(pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0]))
        query = "".join(f"&{name}={value}" for name, value in kept)
        yield host.removeprefix("www.").removeprefix("m."), parts.path.rstrip("/"), query


def _account(host: str, path: str, page: str) -> str:
    return f"{host}{path}"[len(page) :].partition("/")[0].lstrip("$")


def _among(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == known or host.endswith(f".{known}") for known in hosts)


def _mail(address: str) -> str:
    """Lower case, without a +tag; Gmail ignores dots too."""
    local, _, host = address.lower().rpartition("@")
    local = local.partition("+")[0] or local
    if host in ("gmail.com", "googlemail.com"):
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{host}"


def _ibans(text: str) -> Iterator[str]:
    """Those of a known country, of its length, whose check digits fit (ISO 7064, mod 97-10)."""
    for match in _IBAN.finditer(text):
        found = match.group().replace(" ", "").upper()
        length = _IBAN_LENGTH.get(found[:2])
        if length is None or len(found) < length:
            continue
        found = found[:length]  # the words behind it may look like more of it
        if int("".join(str(int(c, 36)) for c in found[4:] + found[:4])) % 97 == 1:
            yield found


def _is_base58check(text: str) -> bool:
    """Whether it is 25 bytes in base 58 whose last four are the start of a double sha256."""
    number = 0
    for letter in text:
        number = number * 58 + _BASE58.index(letter)
    if number.bit_length() > 25 * 8:
        return False
    data = number.to_bytes(25, "big")
    return hashlib.sha256(hashlib.sha256(data[:21]).digest()).digest()[:4] == data[21:]
