"""What holds for all tests: hypothesis judges no example by the clock, and repeats its examples."""

from hypothesis import settings

settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")
