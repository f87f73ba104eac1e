"""The bundle of this package, by the sha256 of its manifest; written by the export step."""

#: Lower-case hexadecimal. All zeros while no bundle has been exported: nothing matches it.
PINNED_MANIFEST_SHA256 = "a311f045d9d5532506c7169740ad3986d4df4dc0a69747efaa6742d513e0b4a4"
