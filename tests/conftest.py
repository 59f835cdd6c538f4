"""What all tests share: Hypothesis without a deadline, for the machines are shared and timings prove nothing."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")
