"""Database engines and the one way to begin a write."""
