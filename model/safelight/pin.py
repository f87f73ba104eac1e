"""The bundle of this package, by the sha256 of its manifest; written by the export step."""

#: Lower-case hexadecimal. All zeros while no bundle has been exported: nothing matches it.
PINNED_MANIFEST_SHA256 = "e16140a911cc59f414159c1204802199cbf31c7bf8594d8ab7da274b9663ac3d"
