"""`python -m flask_factory`."""

import sys

from .cli import main

sys.exit(main())
