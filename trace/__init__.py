"""cabletrace: a traceability ledger and lookup service for electric cable products (电线电缆质量追溯).

The folder is called ``trace``, the installed package ``cabletrace``: the standard library owns the name
``trace`` and wins wherever it is imported first, so half a program would get the wrong module.
"""

if __name__ != "cabletrace":
    raise ImportError(
        f"this package must be imported as 'cabletrace', not as {__name__!r}: "
        "run it from the installed environment (./scripts/run makes one), not from the source folder"
    )

__version__ = "0.1.0"
