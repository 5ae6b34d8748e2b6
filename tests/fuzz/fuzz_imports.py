"""Fuzz the importers with atheris, for as long as one likes; ``make test`` does a little of it with hypothesis.

It begins with a small valid file of a format, changes it as the fuzzer steers, and imports it: into a new
study, or into one that holds the valid file already. Run it by hand or nightly, one format at a time::

    pip install atheris
    python tests/fuzz/fuzz_imports.py refi-qda -max_total_time=600

FORMAT is one of :data:`seeds.SEEDS`; without one, all are listed. What follows goes to libFuzzer as it is. A
crasher is written to ``crash-…``; ``python tests/fuzz/fuzz_imports.py FORMAT crash-…`` runs it again, and
``KEEP=folder`` before that writes the file that was imported into a folder. Each one found becomes a small
test in ``tests/test_hostile_imports.py``, named for what it shows.
"""

from __future__ import annotations

import datetime
import functools
import os
import shutil
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

HERE = Path(__file__).resolve().parent
DAY = datetime.date(2026, 1, 2)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import mutate

T = TypeVar("T")


def tree(folder: Path) -> dict[str, bytes | None]:
    """Return everything in a folder, files with their bytes."""
    found = sorted(folder.rglob("*"))
    return {p.relative_to(folder).as_posix(): p.read_bytes() if p.is_file() else None for p in found}


class Fuzzed:
    """Import changed files of one format.

    Args:
        form: one of :data:`seeds.SEEDS`.
        folder: an empty folder, for what is made once.
    """

    def __init__(self, form: str, folder: Path) -> None:
        import seeds
        from kg import importing, scaffold
        from kg.loaders.imports import Options

        if not hasattr(scaffold.schema, "cache_info"):
            scaffold.schema = functools.cache(scaffold.schema)  # it takes longer than all else of a small import
        self.form = form
        self.path = seeds.SEEDS[form](folder)
        self.study = folder / "study"
        importing.import_file(self.path, self.study, Options(), DAY)

    def run(self, choose: mutate.Choices, folder: Path) -> None:
        """Change the file and import it; whatever becomes of it, the study is whole and all else as it was.

        Args:
            choose: chooses what is changed.
            folder: an empty folder.
        """
        import mutate

        from kg import importing
        from kg.errors import KGError
        from kg.loaders import study as loader
        from kg.loaders.imports import Options

        path, study = folder / self.path.name, folder / "study"
        shutil.copyfile(self.path, path)
        if choose.integer(0, 3) == 0:
            shutil.copytree(self.study, study)
        mutate.change(path, self.form, choose)
        before = tree(folder)
        try:
            importing.import_file(path, study, Options(), DAY)
        except KGError:
            pass
        else:
            loader.load(study)
            assert not importing.import_file(path, study, Options(), DAY).fresh
            before = {name: held for name, held in before.items() if not name.startswith("study")}
            before |= {name: held for name, held in tree(folder).items() if name.startswith("study")}
        assert tree(folder) == before


class _Steered:
    """Choose as the fuzzer says."""

    def __init__(self, provider: Any) -> None:
        self._provider = provider

    def integer(self, low: int, high: int) -> int:
        return int(self._provider.ConsumeIntInRange(low, high))

    def pick(self, options: Sequence[T]) -> T:
        return options[self.integer(0, len(options) - 1)]


def main(words: list[str]) -> None:
    """Fuzz one format until libFuzzer has enough."""
    sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent)]
    import logging

    import seeds

    if len(words) < 2 or words[1] not in seeds.SEEDS:
        sys.exit(f"usage: {words[0]} FORMAT [OPTION OF LIBFUZZER | FILE]…\nformats: {', '.join(seeds.SEEDS)}")
    import atheris

    logging.disable(logging.CRITICAL)  # Taguette logs how it makes its database.
    with atheris.instrument_imports(include=["kg.loaders", "kg.importing"], enable_loader_override=False):
        from kg.loaders.imports import FORMATS

        for form in FORMATS.values():
            __import__(form.module)
    made = tempfile.TemporaryDirectory()
    fuzzed = Fuzzed(words[1], Path(made.name))
    keep = os.environ.get("KEEP")

    def one(data: bytes) -> None:
        with nullcontext(keep) if keep else tempfile.TemporaryDirectory() as folder:
            fuzzed.run(_Steered(atheris.FuzzedDataProvider(data)), Path(folder))

    atheris.Setup([words[0], "-timeout=60", "-max_len=200", "-len_control=0", *words[2:]], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
