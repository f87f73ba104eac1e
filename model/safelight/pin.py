"""The bundle of this package, by the sha256 of its manifest; written by the export step."""

#: Lower-case hexadecimal. All zeros while no bundle has been exported: nothing matches it.
PINNED_MANIFEST_SHA256 = "551aac685a2a555c672b020fee01fbb608dd446204fe8d3690c15177e8df4748"
