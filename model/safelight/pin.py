"""The bundle of this package, by the sha256 of its manifest; written by the export step."""

#: Lower-case hexadecimal. All zeros while no bundle has been exported: nothing matches it.
PINNED_MANIFEST_SHA256 = "ab0d850d542d060c25f2050899f4b1bbc6f092e99bad297680824a52ec141134"
