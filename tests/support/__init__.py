"""What several tests share: helpers, no tests."""
