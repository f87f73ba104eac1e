"""The bundle of this package, by the sha256 of its manifest; written by the export step."""

#: Lower-case hexadecimal. All zeros while no bundle has been exported: nothing matches it.
PINNED_MANIFEST_SHA256 = "d3e2fd5e3726b5766802f8da1b0277c5f2439b3b492ac480ac182374be52cc26"
