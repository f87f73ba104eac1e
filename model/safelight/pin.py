"""The bundle of this package, by the sha256 of its manifest; written by the export step."""

#: Lower-case hexadecimal. All zeros while no bundle has been exported: nothing matches it.
PINNED_MANIFEST_SHA256 = "20d49f29cad95fd38f4896c899aca0c6b4872412807c1735cb63a07ebcca39a5"
