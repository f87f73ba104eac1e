"""What kind of medium a file is, by its name or its content type; nothing is opened."""

from __future__ import annotations

_EXTENSIONS = {
    "image": ("jpg", "jpeg", "png", "gif", "heic", "heif", "bmp"),
    "sticker": ("webp",),
    "video": ("mp4", "mov", "3gp", "mkv", "avi", "webm", "m4v"),
    "voice": ("opus", "ogg", "m4a", "aac", "amr", "mp3", "wav"),
    "contact": ("vcf",),
}
_KIND_BY_EXTENSION = {ending: kind for kind, endings in _EXTENSIONS.items() for ending in endings}
_CARDS = ("text/vcard", "text/x-vcard")


def kind_of_file(name: str) -> str:
    """The kind by the ending of a name, "file" if unknown. A bare .webp is taken for a sticker."""
    return _KIND_BY_EXTENSION.get(name.strip().rpartition(".")[2].lower(), "file")


def kind_of_type(content_type: str) -> str:
    """The kind by a MIME type such as "image/jpeg", "file" if unknown."""
    wanted = content_type.strip().lower().partition(";")[0]
    if wanted in _CARDS:
        return "contact"
    kinds = {"image": "image", "video": "video", "audio": "voice"}
    return kinds.get(wanted.partition("/")[0], "file")
