"""The bundle of this package, by the sha256 of its manifest; written by the export step."""

#: Lower-case hexadecimal. All zeros while no bundle has been exported: nothing matches it.
PINNED_MANIFEST_SHA256 = "a7d89cbcdf48fbc3859ed8d57366b85d5c5851302e95bd2b8912c2cbaed24c8a"
