"""What all tests share: Hypothesis without a deadline, for timings prove nothing, a cache of compiled packs in the checkout, and French."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import settings

settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")
os.environ.setdefault("OPTAM_CACHE", str(Path(__file__).parents[1] / ".pytest_cache" / "optam"))
os.environ["OPTAM_LANG"] = "fr"  # whatever the locale of the machine
