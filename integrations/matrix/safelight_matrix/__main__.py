"""`python -m safelight_matrix`."""

from safelight_matrix.cli import main

raise SystemExit(main())
