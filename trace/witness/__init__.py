"""A witness: cosigns checkpoints of ledgers that it follows, each only if it continues the one before."""
