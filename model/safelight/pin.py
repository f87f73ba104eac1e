"""The bundle of this package, by the sha256 of its manifest; written by the export step."""

#: Lower-case hexadecimal. All zeros while no bundle has been exported: nothing matches it.
PINNED_MANIFEST_SHA256 = "ebdbba0abc2c03aaf62505acd331c35276eabedf3a51fc3cee24cefcb278f580"
