"""Write a file whole, or leave the one that is there."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path

from kg import aside


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


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, of which no more than a part is held at a time.

    Args:
        path: the file.

    Raises:
        OSError: when it cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _replace(path: Path, data: bytes, mode: int | None) -> None:
    # In a folder of its own a new file gets the permissions that the user's new files have.
    with aside.folder(path.parent, "write") as folder:
        file = folder / "file"
        file.write_bytes(data)
        sync(file)
        if mode is not None:
            file.chmod(stat.S_IMODE(mode))
        file.replace(path)
        sync(path.parent)


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, written on the disk, where the system can.

    Args:
        path: the file or folder.
    """
    windows = os.name == "nt"
    if windows and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDWR if windows else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as e:
        if e.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)
