"""Revisions of what persons disclosed, beside the ledger."""
