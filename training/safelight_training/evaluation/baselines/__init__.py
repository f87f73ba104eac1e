"""Peers: what others do, written from their descriptions, trained on the same training split."""
