"""Conversations that others give: a folder of JSON lines, or a licensed copy of PAN12."""
