"""What holds for all tests."""

from hypothesis import settings

# Machines are shared: how long one example takes says nothing.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
