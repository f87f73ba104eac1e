"""One file a family; the file name is its name."""
