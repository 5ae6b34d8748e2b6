"""Run imports, edits and what comes after them in processes that kill or stop themselves at a chosen change of a file.

As a program it reads a task a line, in JSON, runs each in a fork of itself, and prints how that ended: so a process
costs no start of Python.
"""

from __future__ import annotations

import datetime
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

_CHANGES = {"os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate", "os.symlink"}
_NOW = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Runner:
    """A process that runs tasks in forks of itself."""

    def __enter__(self) -> Runner:
        self.process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def run(self, task: str, **words: Any) -> int:
        """Run a task to its end and return its exit code, negative when a signal ended it."""
        self.process.stdin.write(json.dumps({"task": task, **words}) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


def start(task: str, **words: Any) -> subprocess.Popen[bytes]:
    """Run a task in a process of its own, beside this one."""
    return subprocess.Popen([sys.executable, __file__, json.dumps({"task": task, **words})])


def changes(root: str, at: int, sign: int, log: str | None) -> None:
    """Send this process a signal right before the change of a file below a folder that has a number."""
    count = 0

    def change(what: str, *about: object) -> None:
        nonlocal count
        count += 1
        if log:
            with os.fdopen(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT), "a") as file:
                file.write(f"{what} {about}\n")
        if count == at:
            os.kill(os.getpid(), sign)

    def below(path: object) -> bool:
        return isinstance(path, (str, os.PathLike)) and os.fspath(path).startswith(root)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = args
            if below(path) and (set(mode) & set("wax+") if mode else flags & _WRITES):
                change(event, path)
        elif event in _CHANGES and (any(map(below, args)) or args[-1] != -1):  # the last is the folder, if it is open
            change(event, *args)

    sync = os.fsync

    def counted(descriptor: int) -> None:
        change("fsync", descriptor)
        sync(descriptor)

    os.fsync = counted
    sys.addaudithook(hook)


def do(words: dict[str, Any]) -> None:
    """Run a task: ``import``, ``edit``, ``undo``, ``build``, ``check`` or ``recover``."""
    from kg import check, editing, importing, moving
    from kg.loaders.imports import Options
    from kg.store import build

    into = Path(words["into"])
    if "at" in words:
        changes(words["root"], words["at"], getattr(signal, words.get("signal", "SIGKILL")), words.get("log"))
    if words["task"] == "import":
        importing.import_file(Path(words["file"]), into, Options(), datetime.date(2026, 1, 2))
    elif words["task"] == "edit":
        editing.apply(into, [editing.read(one) for one in words["operations"]], words["by"], _NOW)
    elif words["task"] == "undo":
        editing.undo(into, words["by"], _NOW)
    elif words["task"] == "build":
        build.build(into)
    elif words["task"] == "check":
        assert not [f for f in check.check(into) if f.severity == "error" and f.rule != "reference-uncited"]
    elif words["task"] == "recover":
        moving.recover(into)
    else:
        raise KeyError(words["task"])


def main() -> None:
    """Run the task that is given, or each that is read."""
    import kg.loaders.imports.refi_qda
    import kg.loaders.study  # noqa: F401 - before the forks

    if len(sys.argv) > 1:
        do(json.loads(sys.argv[1]))
        return
    for line in sys.stdin:
        child = os.fork()
        if not child:
            code = 1
            try:
                do(json.loads(line))
                code = 0
            except BaseException:
                import traceback

                traceback.print_exc()
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
