"""`python -m safelight` is the command `safelight`."""

from safelight.cli import main

raise SystemExit(main())
