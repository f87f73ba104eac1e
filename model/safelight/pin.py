"""The bundle of this package, by the sha256 of its manifest; written by the export step."""

#: Lower-case hexadecimal. All zeros while no bundle has been exported: nothing matches it.
PINNED_MANIFEST_SHA256 = "aff14eb2cc84df674a930c0220382bc69320dac6cf7a1e2e77d36fb9ca046db6"
