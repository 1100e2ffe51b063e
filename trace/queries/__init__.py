"""Readings that the JSON API and the pages share: batch page, public card, trace, desk, search.

A reading takes a read transaction of ledger.db and the `Actor` who asks, and answers frozen dataclasses of
typed values. It asks the policy itself (``not-signed-in``, ``not-allowed``), so that no door can forget to. A
batch, an event or a project outside the asker's scope is None, exactly like one that does not exist.
"""
