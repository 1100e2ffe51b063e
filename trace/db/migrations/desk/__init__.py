"""Revisions of the desk: accounts, sessions, keys, jobs, uploads, witnesses, what people have set."""
