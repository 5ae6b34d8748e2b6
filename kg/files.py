"""Write a file whole, or leave the one that is there."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that at no time, not even on a full disk, half of it stands under its name.

    It is written beside its place and then moved there with the permissions of the file before. A symbolic link
    is followed. What is no regular file, such as a pipe or a device, is written to as it is.

    Args:
        path: where.
        data: all of it.

    Raises:
        OSError: when it cannot be written; what was there is as it was. Its ``filename`` is the path.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_whole(Path(folder) / "a.txt", b"all of it")
        ...     [(p.name, p.read_bytes()) for p in Path(folder).iterdir()]
        [('a.txt', b'all of it')]
    """
    try:
        mode = _mode(path)
        # /dev/stdout may lead to a file that another program appends to.
        if (mode and not stat.S_ISREG(mode)) or path.absolute().is_relative_to("/dev"):
            with path.open("ab") as file:
                file.write(data)
        else:
            _replace(Path(os.path.realpath(path)), data, mode)
    except OSError as e:
        e.filename, e.filename2 = str(path), None
        raise


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _replace(path: Path, data: bytes, mode: int | None) -> None:
    folder = Path(tempfile.mkdtemp(prefix=".kg-", dir=path.parent))
    try:
        # In a folder of its own a new file gets the permissions that the user's new files have.
        aside = folder / "file"
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            aside.chmod(stat.S_IMODE(mode))
        os.replace(aside, path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
