"""A study that is built again whenever its files change."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import Finding, KGError, StudyError
from kg.processes import Child, Ended, serve

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

QUIET = 50
"""How long nothing may change before what changed is built (milliseconds): an editor writes a file in several steps."""
LONGEST = 1600
"""After how long it is built although files go on changing (milliseconds)."""


@dataclass(frozen=True)
class State:
    """What a study is after its files changed.

    Args:
        digest: of the build that answers; empty when there never was one.
        findings: what forbids to build the files as they are, or is to be mended in what was built.
        fresh: whether they were built just now.
        trouble: why they could not be read at all; else empty.
    """

    digest: str
    findings: tuple[Finding, ...] = ()
    fresh: bool = False
    trouble: str = ""

    @property
    def is_broken(self) -> bool:
        """Say whether an older build answers, because the files as they are cannot be built."""
        return bool(self.trouble) or any(finding.severity == "error" for finding in self.findings)


def look(folder: Path) -> State:
    """Build a study if its files changed, and say what it is now.

    Args:
        folder: the study's folder.
    """
    from kg.store import build

    try:
        built = build.build(folder)
    except (KGError, OSError) as e:
        try:
            digest = build.digest(folder)
        except KGError:
            digest = ""
        return State(digest, e.findings) if isinstance(e, StudyError) else State(digest, trouble=str(e))
    return State(built.digest, built.findings, built.fresh)


def states(folder: Path, stop: threading.Event | None = None, look: Callable[[Path], State] = look) -> Iterator[State]:
    """Give what a study is now, and again each time its files change.

    Args:
        folder: the study's folder.
        stop: ends it once it is set.
        look: says what it is.
    """
    import watchfiles

    yield look(folder)
    for _ in watchfiles.watch(
        folder,
        watch_filter=_matters(folder),
        debounce=LONGEST,
        step=QUIET,
        stop_event=stop,
        raise_interrupt=False,
        ignore_permission_denied=True,
    ):
        yield look(folder)


class Aside:
    """A look at a study in a process of its own: a build would hold up who answers meanwhile."""

    def __init__(self) -> None:
        self.child: Child | None = None

    def __call__(self, folder: Path) -> State:
        """Build a study if its files changed, and say what it is now.

        Args:
            folder: the study's folder.
        """
        from kg.store import build

        try:
            if build.is_current(folder):
                # Nothing is to be built, as when a server starts, which has other things to do then.
                return State(build.digest(folder))
            self.child = self.child or Child(__name__)
            told = self.child.call("look", str(folder)).value
        except (Ended, OSError) as e:
            self.child = None
            return State("", trouble=f"the files could not be looked at: {e}")
        return State(**{**told, "findings": tuple(Finding(**one) for one in told["findings"])})

    def close(self) -> None:
        """End the process, whatever it does: what it would have built is built by the next."""
        if self.child:
            self.child.kill()


def _described(folder: str) -> dict[str, Any]:
    """Return what a study is, as JSON can hold it."""
    return asdict(look(Path(folder)))


def _matters(folder: Path) -> Callable[[object, str], bool]:
    """Return what says whether a changed file can be one of the study's: not hidden, and none that an editor keeps."""
    root = folder.resolve()

    def matters(_: object, changed: str) -> bool:
        try:
            parts = Path(changed).resolve().relative_to(root).parts
        except ValueError:
            return True
        return not any(part.startswith(".") for part in parts) and not changed.endswith(("~", ".swp", ".tmp"))

    return matters


if __name__ == "__main__":
    serve({"look": _described})
