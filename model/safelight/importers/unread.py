"""What other programs write and no importer can read: known, so that one line says what to do."""

from __future__ import annotations

import re

_WEB_PAGE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+html\b|<html\b)", re.IGNORECASE)
WEB_PAGE = (
    'a web page: export the chat again as JSON (Telegram: "Machine-readable JSON"; '
    "Instagram, Messenger: format JSON)"
)
_DISCORD_PACKAGE = re.compile(
    rb"\s*(?:ID,Timestamp,Contents,Attachments\b"
    rb'|\[\s*\{\s*"ID"\s*:[^,]{1,40},\s*"Timestamp"\s*:[^,]{1,60},\s*"Contents"\s*:)'
)
# A line of signal-export calls the owner "Me"; WhatsApp has neither its links nor its brackets.
_SIGNAL_LINE = re.compile(rb"^\[\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?\] Me: ", re.MULTILINE)
_SIGNAL_MARK = re.compile(
    rb"\]\(\./media/|^\(- .{1,200} -\)\s*$|\(This message was deleted\)", re.MULTILINE
)


def why_unread(head: bytes) -> str | None:
    """In one phrase, what the first bytes are and what to give instead; None if nothing known."""
    if _WEB_PAGE.match(head):
        return WEB_PAGE
    if _DISCORD_PACKAGE.match(head):
        return (
            "Discord's own data package, which holds only its owner's messages: export the chat "
            "with DiscordChatExporter, as JSON"
        )
    if _SIGNAL_LINE.search(head) and _SIGNAL_MARK.search(head):
        return "signal-export's chat.md: give its data.json"
    return None
