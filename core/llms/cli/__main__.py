"""`python -m core.llms.cli`, where the script `core-llms` is not on the path."""

import sys

from core.llms.cli import main

sys.exit(main())
