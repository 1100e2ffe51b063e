"""Evidence packages 证据包: what an authority takes from the ledger, so that a court can check it without the platform.

Nothing here decides who may see what, and nothing reads a database: `queries.evidence` collects, this makes files of it.
``verify.py`` and ``verify.html`` stand in each package as they are; they share nothing with the platform.
"""
