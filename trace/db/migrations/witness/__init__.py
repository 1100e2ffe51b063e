"""Revisions of the code checks."""
