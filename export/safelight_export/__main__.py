"""`python -m safelight_export …`: one command a job."""

from __future__ import annotations

import sys

from safelight_export.cli import main

sys.exit(main())
