"""How a release is built and proved: `make release`, `make check-release`, `make readiness`."""
