"""How much is lost when people type badly, hide words, or messages come in other ways."""
