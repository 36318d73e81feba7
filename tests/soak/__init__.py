"""soak - mixed clients for a long time, and whether the proxy stays as large as it was."""
