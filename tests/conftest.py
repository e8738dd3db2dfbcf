"""How generated tests run: the same examples every time here, new ones and many more in the nightly run.

`HYPOTHESIS_PROFILE=nightly python -m pytest tests/calculus/test_laws.py` looks for new examples.
"""

from __future__ import annotations

import os
import signal

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("nightly", derandomize=False, deadline=None, database=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

MANY = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 1
"""How many times as many examples the nightly run tries."""

# A shell starts what runs in the background with Ctrl-C ignored, and that is inherited: tests press it.
signal.signal(signal.SIGINT, signal.default_int_handler)
