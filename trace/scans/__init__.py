"""The stream of code checks: which code was checked when, and about where. Operational, no evidence (design §2.2)."""
