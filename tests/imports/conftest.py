"""Installations to bring files into: made once with so many of the four files in, and copied for each test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from copies_for_tests import copy_folder
from imports_for_tests import FILES, House, new_house, opened_house

AfterFiles = Callable[[int], House]


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """The folder of an installation with the first so many files in."""
    made: list[Path] = []

    def stage(files: int) -> Path:
        while len(made) <= files:
            folder = tmp_path_factory.mktemp("stage") / "data"
            if not made:
                new_house(folder)
            else:
                copy_folder(made[-1], folder)
                with opened_house(folder) as house:
                    house.bring_file(FILES[len(made) - 1])
            made.append(folder)
        return made[files]

    return stage


@pytest.fixture
def house_after(stages: Callable[[int], Path], tmp_path: Path) -> Iterator[AfterFiles]:
    """Opens a copy with the first so many files in."""
    with ExitStack() as closing:

        def opened(files: int) -> House:
            copy_folder(stages(files), tmp_path / "data")
            return closing.enter_context(opened_house(tmp_path / "data"))

        yield opened


@pytest.fixture
def house(house_after: AfterFiles) -> House:
    """A new installation."""
    return house_after(0)


@pytest.fixture(scope="module")
def still(stages: Callable[[int], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A new installation, in which the tests of a module write nothing."""
    folder = tmp_path_factory.mktemp("still") / "data"
    copy_folder(stages(0), folder)
    with opened_house(folder) as house:
        yield house


@pytest.fixture(scope="module")
def filled(stages: Callable[[int], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """All four files are in, and the tests of a module add nothing to them."""
    folder = tmp_path_factory.mktemp("filled") / "data"
    copy_folder(stages(4), folder)
    with opened_house(folder) as house:
        yield house
