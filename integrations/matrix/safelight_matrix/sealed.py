"""What others send is no reason to end: what nio fails on counts as unreadable.

nio passes on whatever its libraries raise on a made-up message. The server would deliver that
message again at every start, so one stranger could switch the device off for good.
"""

from __future__ import annotations

from typing import Any

from nio.exceptions import EncryptionError

#: What the server says of an event; whoever encrypted it may say something else inside.
_OF_SERVER = ("event_id", "sender", "origin_server_ts", "unsigned")
_STAND_IN = "none"


def bear(olm: Any) -> None:
    """Have nio's Olm machine go on after any message, whether to this device or to a room."""
    to_device, to_room = olm.handle_to_device_event, olm.decrypt_megolm_event

    def handle_to_device_event(event: Any) -> Any:
        try:
            return to_device(event)
        except Exception:
            return None

    def decrypt_megolm_event(event: Any, room_id: str | None = None) -> Any:
        # nio puts this id in the place of an inner `unsigned`, which it would stumble over.
        event.transaction_id = event.transaction_id or _STAND_IN
        try:
            opened = to_room(event, room_id)
        except EncryptionError:
            raise
        except Exception:
            raise EncryptionError("what was encrypted is no event") from None
        for key in _OF_SERVER:
            opened.source.pop(key, None)
        opened.source.update((key, event.source[key]) for key in _OF_SERVER if key in event.source)
        return opened

    olm.handle_to_device_event = handle_to_device_event
    olm.decrypt_megolm_event = decrypt_megolm_event
