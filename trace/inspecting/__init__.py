"""Planned visits, and what became of the problems that inspections found. A projection; intake writes it."""
