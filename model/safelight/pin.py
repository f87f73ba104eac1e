"""The bundle of this package, by the sha256 of its manifest; written by the export step."""

#: Lower-case hexadecimal. All zeros while no bundle has been exported: nothing matches it.
PINNED_MANIFEST_SHA256 = "f3f1df72e1c63f995964d32d0c19ad3aa265bbcea7fba9716059d9faec54c8a6"
