"""The bundle of this package, by the sha256 of its manifest; written by the export step."""

#: Lower-case hexadecimal. All zeros while no bundle has been exported: nothing matches it.
PINNED_MANIFEST_SHA256 = "415b11349488cd49168fae5c3f9c02662d4def4f108e560a74a5d8034438894c"
