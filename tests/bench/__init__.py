"""Measurements; run by hand, not by pytest.  See README.md."""
