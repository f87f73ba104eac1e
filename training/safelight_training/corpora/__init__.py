"""Real benign chats: registry, reader, labelled conversations."""

from safelight_training.corpora.conversations import real_conversations
from safelight_training.corpora.packages import write_packaged
from safelight_training.corpora.reader import CorpusError, read_corpus, sources_in
from safelight_training.corpora.sources import SOURCES, Source

__all__ = [
    "SOURCES",
    "CorpusError",
    "Source",
    "read_corpus",
    "real_conversations",
    "sources_in",
    "write_packaged",
]
