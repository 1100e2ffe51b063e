"""Revisions of the ledger's own tables: what the sequencer writes. A revision may add to them and never changes a row."""
