"""The version of the texts: it rises when what a seed gives changes."""

DATA_VERSION = "0.3.0"
