"""A draw follows from seed, root and list alone, and a few lines repeat it: a fixed vector, as docs/sampling.md has it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from itertools import permutations
from pathlib import Path

from cabletrace.model.draws import candidates_hash, drawn, seed_hash

DOC = Path(__file__).parents[2] / "docs" / "sampling.md"
SEED = "k3v9-zhoukou-2026-a-seed-of-one-plan"
ROOT = "ab" * 32
LIST = ("甲电缆厂", "乙电缆厂", "丙电缆厂", "丁电缆厂", "戊电缆厂")
RANKED = ("甲电缆厂", "乙电缆厂", "戊电缆厂", "丁电缆厂", "丙电缆厂")


def test_the_fixed_vector_is_drawn_as_it_always_was() -> None:
    assert drawn(SEED, ROOT, LIST, 5) == RANKED
    assert drawn(SEED, ROOT, LIST, 2) == RANKED[:2]
    assert candidates_hash(LIST) == "5573afc0505a873038fd91a0907ea366253ae46a6a2ac2ed120a9fa8225b9d6e"
    assert seed_hash(SEED) == "a2ab0a8348bb70d88e54afb705bcdb00eeb66109c35ca25557b0bd97d6b9ad98"


def test_the_lines_in_the_documentation_give_the_same() -> None:
    (program,) = re.findall(r"```python\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert said.split() == list(RANKED[:3])


def test_the_order_of_the_list_decides_nothing() -> None:
    assert {drawn(SEED, ROOT, order, 3) for order in permutations(LIST)} == {RANKED[:3]}
    assert len({candidates_hash(order) for order in permutations(LIST)}) == 1


def test_another_seed_or_root_draws_others_and_everybody_comes_about_equally_often() -> None:
    often = Counter(each for n in range(2_000) for each in drawn(f"{SEED}{n}", ROOT, LIST, 2))

    assert drawn(SEED, "cd" * 32, LIST, 5) != RANKED
    assert set(often) == set(LIST)
    assert all(700 < count < 900 for count in often.values())  # 800 each; a fixed vector too
