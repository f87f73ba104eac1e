"""`python -m safelight_training …`."""

import sys

from safelight_training.cli import main

sys.exit(main())
