"""What people write, rule by rule of text preparation: (rule, text, medium). No outputs here."""

from __future__ import annotations

from collections.abc import Iterator

from safelight.taxonomy import MEDIA

Case = tuple[str, str, "str | None"]

WRITTEN: dict[str, tuple[str, ...]] = {
    "plain": (
        "", "hello there", "HELLO", "a b  c", " spaces around ", "line\nnext", "tab\there", "?!…",
        "she is 16", "see you at 10:30", "on 01/02/2024", "3.14 and 2,5", "room 101, 2026",
    ),
    "nfkc": (
        "\uff28\uff45\uff4c\uff4c\uff4f", "ﬁne ﬂow", "cafe\u0301", "caf\u00e9", "①②③", "x²",
        "\u212b", "½ cup", "㎏", "\u3000wide\u3000blank", "ｶﾞｯｺｳ", "が", "か\u3099", "\ufdfa",
        "…", "Ⅳ", "ﷲ", "e\u0323\u0301", "\U0001d4f1\U0001d4ee\U0001d4f5\U0001d4f5\U0001d4f8",
    ),
    "zero_width": (
        "h\u200bel\u200clo", "\ufeffhello", "word\u2060joiner", "soft\u00adhyphen", "a\u034fb",
        "\u3164", "\u2800", "a\u2800b\u3164c\uffa0d", "a\u1680b\u2028c\u2029d\x85e",
        "ok \U0001f44d\ufe0f",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "e\u200d\u0301", "\x00\x07bell", "a\u180eb", "\U000e0041tag", "del\x7fete",
    ),
    "bidi": (
        "\u202eolleh\u202c", "\u2066left\u2069", "a\u200fb", "\u061cmark", "\u202aabc\u202b",
        "שלום", "مرحبا",
    ),
    "newer_than_unicode_13": ("a\u0898b", "a\U0001e08fb", "a\U00010f82b"),
    "confusables": (
        "p\u0430ssw\u043erd", "\u0441hat", "\u03bf\u03bay it is", "\u041dELLO", "\u0405ECRET",
        "caf\u0435\u0301", "\u0440\u0430\u0443 me", "chat \u0441 \u043d\u0438\u043c",
        "\u043f\u0440\u0438\u0432\u0435\u0442", "\u041f\u0440\u0438\u0432\u0435\u0442 you",
        "\u03ba\u03b1\u03bb\u03b7\u03bc\u03ad\u03c1\u03b1", "\u0456t's", "\u03b1nd \u03b2eta",
        "\u0435", "x\u0445x", "don't tell \u0430ny\u043ene", "\u0443ou-\u0430nd-m\u0435",
    ),
    "disguises": (
        "p i c s", "s e n d it", "p.i.c, p-i-c, p*i*c and p_i_c", "a b", "I a m", "U.S.A.",
        "9 a.m.", "é t é", "t e l l' em", "[I M A G E]", "s3nd ph0t0", "wh@t", "p!c7ur3",
        "covid19 ps4 r2d2", "2nd 4pm gr8 l8r", "hi!you", "a+b", "me@example.com w0w", "$5k m0n3y",
        "a b c d e f g h i j k l m n o p q r s t u v w x y z", "x-ray t-shirt", "a1b2c3d4",
        "s\ne\nn\nd", "s  e  n  d", "s,e,n,d p/i/c s\u00b7e\u00b7n\u00b7d", "w/o y/n x,y a|b",
        "d. h. z. B.", "a - b - c",
    ),
    "capitals": (
        "SEND ME THE PICTURE", "send ME money NOW", "I HAVE YOUR PICS, DON'T TELL", "DM ME",
        "LINE ID", "WHATSAPP", "WhatsApp", "\u00c9 VERDADE, N\u00c3O \u00c9",
        "\u0152UVRE ICI", "GIVE ME US$50 NOW",
        "<UNK> SEND IT NOW [MASK]", "CLICK HTTPS://EXAMPLE.COM/A NOW OK", "H4VE F4K3 PICS NOW",
        "I. AM. HERE. NOW", "\u041f\u0420\u0418\u0412\u0415\u0422 \u0412\u0421\u0415\u041c",
        "\u6559\u3048\u3066LINE ID", "ABCDEFg HIJKLMN", "A" * 500,
    ),
    "marks": (
        "s\u0336e\u0336n\u0336d", "s\u20dde\u20dd", "e\u0336\u0301te\u0301",
        "z\u0351\u0350\u0310\u0301a",
        "\u0438\u0306", "\u0431\u0488", "\u304b\u3099", "n\u0303", "\u1100\u1161",
        "\u0336", "a\ufe20b",
    ),
    "shapes": (
        "\u1d00\u0299\u1d04 s\u1d07\u0274\u1d05", "\U0001f170\U0001f171\U0001f17e", "\U0001f171ruh",
        "\U0001f162\U0001f154\U0001f15d\U0001f153", "\U0001f1e9\U0001f1ea \U0001f17f\ufe0f",
    ),
    "reserved": (
        "[IMAGE]", "look [LINK] here", "\uff3bLINK\uff3d", "[LI\u200bNK]", "[L\u0406NK]", "<unk>",
        "<s>hi</s>", "[MASK] [PAD]", "[image]", "[[MONEY]]", "[PHONE", "<pad><mask>",
    ),
    "link": (
        "see https://example.com/a?b=1 now", "http://example.com", "WWW.example.com",
        "www.example.org/page.", "sub.example.co.uk", "example.com", "Example.COM/path#top",
        "go to t.me/example", "app.example/join?x=1", "fine.it is late", "ok.me too",
        "end.Next one", "mailto://x", "ftp://example.com", "a.b", "(example.net)", "file.txt",
        "see example.com, ok?", "https://例え.example/あ", "1.2.3.4",
        "\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45.com",
    ),
    "phone": (
        "call 07700 900123 ok", "+33 6 39 98 01 23", "+1 (555) 555-0123", "(555) 555-0123",
        "555-0123", "555.555.0123", "090\u22121234\u22125678", "\uff10\uff19\uff10-1234-5678",
        "tel:07700900123", "0049 30 23125 000", "12345678901234567890", "10:30-11:45", "07700",
        "1-2-3", "2024-01-02", "no. 5550123", "my number is +44 7700 900123.", "07700 900123, ok",
    ),
    "handle": (
        "add @some_name please", "someone@example.com", "name#1234", "a.b+c@mail.example.com",
        "@a", "meet @ five", "@@double", "foo@bar", "#topic", "name#12345", "email: x@example.org!",
    ),
    "money": (
        "it costs $50", "$1,000.50", "1.000,50 €", "R$ 20", "£5k", "200 euros please",
        "5万円ください", "100円", "20 ドル", "50 bucks", "EUR 30", "30 USD", "I have 50 eurostars",
        "€", "50", "5 quid", "3 pounds of flour", "US$ 12", "1’500 Franken", "20 reais",
        "10 € et 5 €", "$5$", "¥3000",
    ),
    "together": (
        "pay $20 to @some_name at example.com or call 07700 900123",
        "h\u0435y [IMAGE] \u200bsee www.example.com",
        "\uff04\uff15\uff10 \u202eok\u202c ex\u0430mple.com",
        "someone@example.com #1 +33639980123 5€",
    ),
    "languages": (
        "see you at training tomorrow, bring your boots",
        "t'as fait l'exo de maths ? j'ai rien compris à la 3",
        "kommst du heute Abend zum Training? Äpfel, Öl, Übung, Straße",
        "ci vediamo domani dopo scuola, perché no? è già tardi",
        "学校は何時に終わるの？ｶﾗｵｹ行こう！",
        "¿a qué hora sales del instituto? mañana te llamo",
        "você vai à aula amanhã? não esqueça o lanche",
    ),
}  # fmt: skip

#: At, around and far above the 4,000 code points that are kept.
LONG: tuple[str, ...] = (
    "ab" * 2000,
    "ab" * 2000 + "c",
    "a" * 3000 + "m" * 500 + "z" * 3000,
    "a" * 1999 + "\U0001f600" * 2 + "m" * 2000 + "\U0001f601" * 2 + "z" * 1999,
    "\u200b" * 4500 + "hello" + "\ufeff" * 100,
    "word " * 1500,
)

#: Lone halves of a pair, which a chat app may hand over.
SURROGATES: tuple[str, ...] = ("a\ud800b", "\udc00", "ok \udbff", "\ud83d \ude00", "x\udfff\ud800")


def cases() -> Iterator[Case]:
    """All cases, in a fixed order."""
    for rule, texts in WRITTEN.items():
        for text in texts:
            yield rule, text, None
    for text in LONG:
        yield "cut", text, None
    for text in SURROGATES:
        yield "surrogate", text, None
    for medium in MEDIA:
        yield "medium", "", medium
        yield "medium", "look at this", medium
    yield "medium", "\u200b", "image"
    yield "medium", "[IMAGE] www.example.com", "image"
