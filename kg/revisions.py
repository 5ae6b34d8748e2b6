"""States of a study that are not its files as they are now: a revision in git, the graph built last."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import kg
from kg import git, paths
from kg.errors import KGError
from kg.graph import Graph
from kg.store import build

if TYPE_CHECKING:
    from collections.abc import Iterator

GIT, BUILT = "git:", "built:"
"""What stands before a revision in git, and before a study of which the graph built last is meant."""


@contextmanager
def opened(name: str, beside: Path) -> Iterator[Graph]:
    """Open a state of a study.

    Args:
        name: a folder or bundled study; ``git:REV`` for a revision of the study beside which it stands; ``built:`` for
            the graph built last of that study, or ``built:FOLDER`` of another.
        beside: the folder of the other study of a comparison.

    Returns:
        The graph, which is there until the context ends.

    Raises:
        StudyError: when the study has errors.
        KGError: when there is no such revision, or no git.
        StoreUnavailable: when no graph was built.
    """
    if name.startswith(BUILT):
        folder = paths.study_folder(name.removeprefix(BUILT) or beside)
        yield Graph(folder, build.current(folder))
    elif name.startswith(GIT):
        with tempfile.TemporaryDirectory(prefix="kg-revision-") as aside:
            folder = checked_out(beside, name.removeprefix(GIT), Path(aside))
            store = Path(aside) / "build"
            store.mkdir()
            yield Graph(folder, build.beside(folder, store))
    else:
        graph = kg.open(name)
        if graph.errors:
            raise KGError(
                f"'{name}' has {len(graph.errors)} error(s), see 'kg check'; built:{name} is the graph before"
            )
        yield graph


def checked_out(folder: Path, revision: str, into: Path) -> Path:
    """Write the files of a study as they are in a revision of its git repository.

    Args:
        folder: the study's folder.
        revision: as git names it, such as ``main``, ``HEAD~3`` or a hash.
        into: a folder.

    Returns:
        The study's folder in it.

    Raises:
        KGError: when the folder is in no repository, or this has no such revision or no study there.
    """
    within = git.run(folder, "rev-parse", "--show-prefix").decode().strip().rstrip("/")
    try:
        found = git.run(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except KGError as e:
        raise KGError(f"git knows no revision '{revision}' there") from e
    commit = found.decode().strip()
    study = into / "study"
    study.mkdir()
    listed = git.run(folder, "ls-tree", "-r", "-z", "--full-tree", commit, "--", within or ".")
    for entry in filter(None, listed.split(b"\0")):
        head, _, name = entry.decode("utf-8", "surrogateescape").partition("\t")
        mode, kind, blob = head.split()
        path = PurePosixPath(name)
        # A link of another's making may lead anywhere, and is left out.
        if kind == "blob" and mode.startswith("100"):
            file = study.joinpath(*(path.relative_to(within) if within else path).parts)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(git.run(folder, "cat-file", "blob", blob))
    if not (study / "study.yaml").is_file():
        raise KGError(f"the revision '{revision}' has no study in '{within or '.'}'")
    return study
