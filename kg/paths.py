"""Where the shipped files, the studies and the built graphs are."""

from __future__ import annotations

import hashlib
import os
import shlex
from functools import cache
from importlib.resources import files
from pathlib import Path

from kg.errors import Finding, StudyError

BUNDLED = "dart"


@cache
def shipped(name: str) -> Path:
    """Return one of the folders that ship: ``ontology``, ``queries`` or ``seeds``.

    Args:
        name: the folder's name.

    Returns:
        Its path: inside the package when installed, beside it in a checkout.
    """
    package = Path(str(files("kg")))
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def study_folder(study: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder of a study.

    Args:
        study: a folder, its study.yaml, or the name of a bundled study; None means the study
            that the working directory lies in, or else the bundled one.

    Returns:
        The folder, resolved.

    Raises:
        StudyError: when there is no study.yaml there.
    """
    if study is None:
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / "study.yaml").is_file():
                return folder
        return shipped("seeds") / BUNDLED
    path = Path(study)
    if path.name == "study.yaml":
        path = path.parent
    if not path.exists() and path.parent == Path() and (shipped("seeds") / path).is_dir():
        path = shipped("seeds") / path
    if not (path / "study.yaml").is_file():
        bundled = ", ".join(sorted(p.name for p in shipped("seeds").iterdir() if p.is_dir()))
        quoted = shlex.quote(str(study))
        mend = f"name a folder with a study.yaml (bundled: {bundled}), or make one with: kg init {quoted}"
        raise StudyError([Finding(str(study), 0, "no-study", "there is no study here", mend)])
    return path.resolve()


def store_folder(folder: Path) -> Path:
    """Return where the built graph of a study is kept.

    Args:
        folder: the study's folder.

    Returns:
        A folder of its own in the user's cache (``DART_KG_CACHE`` moves the cache).
    """
    if cache_folder := os.environ.get("DART_KG_CACHE"):
        root = Path(cache_folder)
    else:
        from platformdirs import user_cache_path

        root = user_cache_path("dart-kg")
    resolved = folder.resolve()
    digest = hashlib.sha256(os.fsencode(resolved)).hexdigest()[:12]
    # A folder's name may be as long as a name can be.
    name = os.fsencode(resolved.name)[:200].decode("utf-8", "ignore")
    return root / f"{name}-{digest}"
