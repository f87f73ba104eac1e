"""Who is in the group."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("group_chat_admin", "move_channel", "isolation", "secrecy", "coerced_task")
