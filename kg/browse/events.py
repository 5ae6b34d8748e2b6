"""What open pages are told while they are read: that the study was built anew, and what is wrong with its files."""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.responses import StreamingResponse

from kg import watching
from kg.browse import wording
from kg.browse.connections import ANSWERING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

OPEN = ANSWERING - 15
"""How long one answer goes on, after which the browser asks again by itself (seconds)."""
AGAIN = 500
"""How long the browser waits before it asks again (milliseconds)."""
BEAT = 10.0
"""How often something is sent that says nothing, so that it is noticed when nobody listens any more (seconds)."""
MOST = 50
"""How many findings are told at most."""


class Watched:
    """A study whose files are looked at for as long as the block lasts.

    Args:
        folder: the study's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state: watching.State | None = None
        self.number = 0
        """How often the state changed."""
        self._aside = watching.Aside()
        self._ended = threading.Event()
        self._listening: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._lock = threading.Lock()

    def __enter__(self) -> Watched:
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._aside.close()
        self._tell()

    def _watch(self) -> None:
        for state in watching.states(self.folder, self._ended, self._aside):
            if state != self.state and not self._ended.is_set():
                self.state, self.number = state, self.number + 1
                self._tell()

    def _tell(self) -> None:
        """Wake all who listen."""
        with self._lock:
            for loop, changed in self._listening:
                loop.call_soon_threadsafe(changed.set)

    async def told(self, language: str) -> AsyncIterator[bytes]:
        """Give events for one reader: the state as it is, and each one after it.

        Args:
            language: of the page, ``en`` or ``zh``.
        """
        loop, changed = asyncio.get_running_loop(), asyncio.Event()
        mine = loop, changed
        with self._lock:
            self._listening.add(mine)
        until, last = loop.time() + OPEN, -1
        try:
            yield f"retry: {AGAIN}\n\n".encode()
            while loop.time() < until and not self._ended.is_set():
                if self.state and self.number != last:
                    last = self.number
                    described = wording.answer(_described(self.state), language)
                    yield f"event: study\ndata: {json.dumps(described, ensure_ascii=False)}\n\n".encode()
                try:
                    await asyncio.wait_for(changed.wait(), BEAT)
                    changed.clear()
                except TimeoutError:
                    yield b":\n\n"
        finally:
            with self._lock:
                self._listening.discard(mine)


def _described(state: watching.State) -> dict[str, Any]:
    """Return what a page is told."""
    errors = [finding for finding in state.findings if finding.severity == "error"]
    return {
        "build": state.digest[:12],
        "findings": [asdict(finding) for finding in errors[:MOST]],
        "more": max(0, len(errors) - MOST),
        "trouble": state.trouble,
    }


def response(watched: Watched, language: str) -> StreamingResponse:
    """Return what tells a page what happens, as server-sent events (HTML Living Standard, section 9.2).

    Args:
        watched: the study.
        language: of the page, ``en`` or ``zh``.
    """
    return StreamingResponse(
        watched.told(language), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )
