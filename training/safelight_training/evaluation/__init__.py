"""What a bundle does on conversations that its training never saw, and how it is reported."""
