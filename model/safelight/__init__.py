"""Safelight: warns a young person, on their own device, when a chat shows signs of harm.

from safelight import Guard
chat = Guard.load().conversation("chat-17")
seen = chat.observe(sender="peer", text="…")
"""

from safelight._version import __version__
from safelight.advice import Advice
from safelight.conversation import Conversation
from safelight.friction import Arrival, Arrive, Friction, Send
from safelight.guard import Guard
from safelight.guides import Guide
from safelight.reading import BundleError
from safelight.recontact import Hint, Recontact, RecontactError
from safelight.resources import HelpCard
from safelight.settings import Settings
from safelight.snapshot import SnapshotError
from safelight.types import Assessment, Form, Level, Message, Outputs, Reason, Stage
from safelight.why import Moved, Why

__all__ = [
    "Advice",
    "Arrival",
    "Arrive",
    "Assessment",
    "BundleError",
    "Conversation",
    "Form",
    "Friction",
    "Guard",
    "Guide",
    "HelpCard",
    "Hint",
    "Level",
    "Message",
    "Moved",
    "Outputs",
    "Reason",
    "Recontact",
    "RecontactError",
    "Send",
    "Settings",
    "SnapshotError",
    "Stage",
    "Why",
    "__version__",
]
