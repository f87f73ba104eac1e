"""The bundle of this package, by the sha256 of its manifest; written by the export step."""

#: Lower-case hexadecimal. All zeros while no bundle has been exported: nothing matches it.
PINNED_MANIFEST_SHA256 = "cb0cb58928128037d4dc51fe1c8c500ac6cb57cb5b4832c86a8d8bf4e3249ffb"
