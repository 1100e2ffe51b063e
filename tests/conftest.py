"""How hard the property tests try, by the form of the tests that scripts/test names: quick, full or nightly.

Nothing else is shared here: a fixture lives beside the tests that use it.
"""

import os

from hypothesis import settings

for form, examples in {"quick": 40, "full": 300, "nightly": 3000}.items():
    # No deadline: a time limit on a single example fails on a busy machine and finds no fault of ours.
    settings.register_profile(form, max_examples=examples, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("CABLETRACE_TESTS", "quick"))
