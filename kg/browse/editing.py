"""The road by which a page changes the study: one session a browser, POST with its token, and nothing else.

Loopback keeps nobody out who is on this machine, nor a page of another site that is open in the same browser. So an
edit needs all of these: a session, which begins at the address that the terminal printed; its cookie, which no script
reads and no other site sends; its token, which only a page of ours can ask for; an Origin that is this very server; and
a content type that a form cannot send.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from kg import aside, paths
from kg.browse import wording
from kg.browse.addresses import LANGUAGES
from kg.browse.connections import ADDING, DOCUMENTS, LENGTH
from kg.browse.findings import Findings
from kg.processes import Child, Ended, Limits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from starlette.requests import Request

BEGIN = "/edit/begin"
"""Path at which a session begins."""
LONGEST = 56 * 2**10
"""How long what is sent may be (bytes); the whole request has the bound of its connection."""
MOST = 100
"""Operations of one edit."""
WAITING = 16
"""How many edits wait for their turn at most."""
SESSIONS = 64
"""Sessions at once; the one that was used longest ago gives way."""
TIME = 50.0
"""How long an edit may take, with the build that it waits for (seconds)."""
RECEIVED, RECEIVING = ADDING.length - LENGTH, 60.0
"""How long the documents that come at once may be (bytes), and how long they may take to come (seconds)."""
AT_ONCE = 4
"""How many lots of documents are taken at once, each of which needs its room on the disk."""
TOKEN = "x-kg-token"  # noqa: S105 (the name of a header)
"""Header of the session's token; that a request has such a header keeps other sites from sending it unasked."""
NO_STORE = {"Cache-Control": "no-store"}

_DIGITS = 7
"""Digits that a number in an address has less than."""
_TELLS_NOTHING = ("sources", "read", "style", "ontology", "references", "authors")
"""Paths of pages that tell nothing of who coded what."""
_BY_TERMINAL = "drop fewer at once, or add them in the terminal: kg add FILE"
_BEGIN_ANEW = "open the address that 'kg browse --edit' printed in the terminal"


class _Refused(Exception):
    """A request that is not heard, with the status, why, and what to do."""

    def __init__(self, status: int, error: str, mend: str = "") -> None:
        super().__init__(error)
        self.answer = {"status": status, "error": error, "mend": mend}


@dataclass
class Session:
    """A browser that may edit.

    Args:
        coder: id of who edits; empty until it was chosen.
        blind: whether what others made of a source is hidden until who edits has read it whole.
        token: what each edit has to name.
    """

    coder: str
    blind: bool = False
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))


class Editing:
    """A study that is edited in browsers; the process that writes begins when it is needed, and ends with the block.

    Args:
        folder: the study's folder.

    Attributes:
        key: what begins a session; it stands in the address that the terminal prints.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = secrets.token_urlsafe(24)
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._writer: Child | None = None
        self._turn = asyncio.Lock()
        self._findings = Findings(folder)
        self._waiting = 0
        self._receiving = 0

    def __enter__(self) -> Editing:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer:
            self._writer.kill()

    @property
    def begin(self) -> str:
        """Return the path, with its key, at which a session begins."""
        return f"{BEGIN}?key={self.key}"

    def routes(self) -> list[Route]:
        """Return what answers to the paths of editing."""
        changing = {
            "": self._edit,
            "/preview": self._preview,
            "/undo": lambda session, _: self._written("undo", self._coder(session)),
            "/redo": lambda session, _: self._written("redo", self._coder(session)),
            "/who": self._who,
            "/blind": self._blind,
            "/turns": self._turns,
        }
        telling: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {
            "/source/{identifier}": self._source,
            "/waiting": self._waits,
            "/findings/{language}": self._found,
            "/unread/{language}/{place}": self._unread,
            "/record/{kind}/{identifier}": self._record,
        }
        return [
            Route(BEGIN, _heard(self._begin), methods=["GET"]),
            Route("/edit/session", _heard(self._session), methods=["GET"]),
            *(Route(f"/edit{path}", self._telling(make), methods=["GET"]) for path, make in telling.items()),
            *(Route(f"/edit{path}", self._changing(make), methods=["POST"]) for path, make in changing.items()),
            Route(DOCUMENTS, _heard(self._documents), methods=["POST"]),
        ]

    def session(self, request: Request) -> Session | None:
        """Return the session of a request; None when there is none."""
        identifier = request.cookies.get(_cookie(request), "")
        if found := self._sessions.get(identifier):
            self._sessions.move_to_end(identifier)
        return found

    # ---- Sessions

    async def _begin(self, request: Request) -> dict[str, Any] | Response:
        """Begin a session for who knows the key, and lead to the first page."""
        if not _same(request.query_params.get("key", ""), self.key):
            return {"status": 403, "error": "this address is not that of this server", "mend": _BEGIN_ANEW}
        usual = await self._written("coders")
        identifier = secrets.token_urlsafe(24)
        self._sessions[identifier] = Session(usual.get("usual", ""))
        while len(self._sessions) > SESSIONS:
            self._sessions.popitem(last=False)
        answer = RedirectResponse("/", 303, NO_STORE)
        answer.set_cookie(_cookie(request), identifier, httponly=True, samesite="strict", path="/")
        return answer

    async def _session(self, request: Request) -> dict[str, Any]:
        """Tell a page of ours who edits, what was done last, and the token; a page of another site cannot read it."""
        session = self.session(request)
        if not session:
            return {"status": 200, "token": "", "error": "this window cannot edit", "mend": _BEGIN_ANEW}
        answer = await self._written("coders")
        there = [one["id"] for one in answer.get("coders", ())]
        # Whoever edits may have been taken from the study, or be called otherwise, meanwhile.
        session.coder = session.coder if session.coder in there else answer.get("usual", "")
        last = await self._written("last", session.coder) if session.coder else {}
        return {**last, **answer, "coder": session.coder, "blind": session.blind, "token": session.token}

    # ---- What tells a page of a session something

    def _telling(self, make: Callable[..., Awaitable[dict[str, Any]]]) -> Any:
        """Return what answers to a request that a page of a session sends to be told something."""

        async def endpoint(request: Request) -> dict[str, Any]:
            return await make(self._known(request), **request.path_params)

        return _heard(endpoint)

    def _known(self, request: Request) -> Session:
        """Return the session of a request.

        Raises:
            _Refused: when it has none.
        """
        session = self.session(request)
        if not session:
            raise _Refused(403, "this window cannot edit", _BEGIN_ANEW)
        return session

    async def _source(self, session: Session, identifier: str) -> dict[str, Any]:
        """Tell the reader of a source what coders say of its passages."""
        return await self._written("source", identifier, session.coder, session.blind)

    async def _record(self, _: Session, kind: str, identifier: str) -> dict[str, Any]:
        """Tell a page what its form begins with: a record as its file has it."""
        return await self._written("record", kind, identifier)

    async def _waits(self, session: Session) -> dict[str, Any]:
        """Tell a page what waits for who edits; in blind mode nothing, for it tells of what others did."""
        if session.blind:
            return {"status": 200, "fixes": [], "unread": {"number": 0, "first": []}}
        return await self._written("waiting", session.coder)

    async def _found(self, session: Session, language: str) -> dict[str, Any]:
        """Tell a page what is to be mended in the records; in blind mode nothing, for it tells of what others did."""
        if session.blind:
            return {"status": 200, "groups": [], "late": False}
        return await self._findings.told(language)

    async def _unread(self, session: Session, language: str, place: str) -> dict[str, Any]:
        """Tell a page of an evidence line that who edits has not read, and nothing that anybody judged."""
        if language not in LANGUAGES or not (place.isascii() and place.isdecimal() and len(place) < _DIGITS):
            raise _Refused(400, "a line is asked for by a language and a number", "/edit/unread/en/0")
        return await self._written("unread", self._coder(session), language, int(place))

    async def hidden(self, request: Request, path: str) -> str | None:
        """Return whose acts alone a page may show; None when it may show all, empty when it may show nobody's.

        Args:
            request: for the page.
            path: its path, without language and suffix.
        """
        session = self.session(request)
        if not session or not session.blind or path in _TELLS_NOTHING:
            return None
        kind, _, source = path.partition("/")
        if kind != "source":
            return ""
        with suppress(_Refused):
            told = await self._written("whole", source, session.coder)
            return None if told.get("whole") else session.coder
        # Where nobody can say so, it was not.
        return session.coder

    # ---- What changes something

    def _changing(self, make: Callable[[Session, dict[str, Any]], Awaitable[dict[str, Any]]]) -> Any:
        """Return what answers to a request that changes something."""

        async def endpoint(request: Request) -> dict[str, Any]:
            return await make(self._admitted(request), await _body(request))

        return _heard(endpoint)

    def _admitted(self, request: Request, kind: str = "application/json") -> Session:
        """Return the session of a request that may change something.

        Args:
            request: the request.
            kind: the media type of what it sends, one that no form can send.

        Raises:
            _Refused: when it may not.
        """
        headers = request.headers
        if headers.get("content-type", "").partition(";")[0].strip().lower() != kind:
            raise _Refused(415, f"only {kind} is taken here", f"send it as {kind}")
        origin = urlsplit(headers.get("origin", ""))
        if origin.scheme not in ("http", "https") or origin.netloc.lower() != headers.get("host", "").lower():
            raise _Refused(403, "a page elsewhere sent this", "edit on the pages of 'kg browse --edit'")
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            raise _Refused(403, "a page elsewhere sent this", "edit on the pages of 'kg browse --edit'")
        session = self._known(request)
        if not _same(headers.get(TOKEN, ""), session.token):
            raise _Refused(403, "this page is of another session", "load it again")
        return session

    async def _edit(self, session: Session, sent: dict[str, Any]) -> dict[str, Any]:
        """Make an edit."""
        return await self._written("apply", _operations(sent), self._coder(session))

    async def _preview(self, session: Session, sent: dict[str, Any]) -> dict[str, Any]:
        """Say what an edit would do."""
        return await self._written("preview", _operations(sent), self._coder(session))

    async def _documents(self, request: Request) -> dict[str, Any]:
        """Take documents, and add them to the study as one edit."""
        from kg.browse import receiving

        coder = self._coder(self._admitted(request, receiving.KIND))
        announced = request.headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced) > ADDING.length:
            raise _Refused(413, f"this is more than {RECEIVED // 2**20} MB at once", _BY_TERMINAL)
        if self._receiving >= AT_ONCE:
            raise _Refused(503, "too many documents come at once", "send them again in a moment")
        self._receiving += 1
        try:
            # The folder goes with the block; one that a kill left goes with the next.
            with aside.folder(paths.store_folder(self.folder), "drop") as place:
                async with asyncio.timeout(RECEIVING):
                    sent = await receiving.receive(request.stream(), place, RECEIVED)
                arguments = str(place), sent.model_dump(mode="json"), coder
                # What began is carried on, also when who sent it is gone: the folder stays until then.
                return await self._written("documents", *arguments, seconds=ADDING.seconds - RECEIVING)
        except receiving.Unreadable as e:
            raise _Refused(413 if e.long else 400, e.why, _BY_TERMINAL if e.long else "drop them again") from None
        except TimeoutError:
            raise _Refused(408, "the documents did not come in time", "drop them again") from None
        except ClientDisconnect:
            raise _Refused(400, "the documents did not come whole", "drop them again") from None
        except OSError as e:
            why = f"the documents cannot be kept while they are read: {e.strerror or e}"
            raise _Refused(507, why, "make room for them, and drop them again") from None
        finally:
            self._receiving -= 1

    async def _turns(self, session: Session, sent: dict[str, Any]) -> dict[str, Any]:
        """Take the turns of a source that may be a transcript."""
        if not isinstance(source := sent.get("source"), str):
            raise _Refused(400, "a source is named by its id", '{"source": "interview"}')
        return await self._written("turns", source, self._coder(session))

    async def _blind(self, session: Session, sent: dict[str, Any]) -> dict[str, Any]:
        """Turn blind mode on or off."""
        if not isinstance(sent.get("blind"), bool):
            raise _Refused(400, "blind mode is on or off", '{"blind": true}')
        session.blind = sent["blind"]
        return {"status": 200, "blind": session.blind}

    async def _who(self, session: Session, sent: dict[str, Any]) -> dict[str, Any]:
        """Choose who edits, or add who is no coder of the study yet."""
        coder, name, kind = (sent.get(key, "") for key in ("coder", "name", "kind"))
        if not all(isinstance(one, str) for one in (coder, name, kind)) or bool(coder) == bool(name):
            raise _Refused(400, "who edits is a coder, or a new one with name and kind", "choose one of them")
        answer = await (self._written("choose", coder) if coder else self._written("join", name, kind or "person"))
        if answer["status"] == 200:
            session.coder = answer["coder"]
            if not coder:
                await self._written("choose", session.coder)
            answer |= await self._written("last", session.coder)
        return answer

    def _coder(self, session: Session) -> str:
        if not session.coder:
            raise _Refused(409, "nobody said who edits", "choose who you are first")
        return session.coder

    async def _written(self, function: str, *arguments: Any, seconds: float = TIME) -> dict[str, Any]:
        """Return what the process that writes answers: one call after another, in the order in which they came.

        A call that began is carried on, also when who asked is gone.
        """
        if self._waiting >= WAITING:
            raise _Refused(503, "too many edits wait for their turn", "send it again in a moment")
        self._waiting += 1
        try:
            async with self._turn:
                return await asyncio.shield(run_in_threadpool(self._call, function, arguments, seconds))
        finally:
            self._waiting -= 1

    def _call(self, function: str, arguments: Sequence[Any], seconds: float) -> dict[str, Any]:
        try:
            if not self._writer or not self._writer.running:
                self._writer = Child("kg.browse.writer")
                self._writer.call("open", str(self.folder))
            answer: dict[str, Any] = self._writer.call(function, *arguments, limits=Limits(seconds)).value
        except (Ended, OSError) as e:
            if self._writer:
                with suppress(Ended):
                    self._writer.kill()
                self._writer = None
            late = isinstance(e, Ended) and bool(e.limit)
            why = "the study is being built, and the edit waited too long" if late else "the edit broke off by a fault"
            return {"status": 503, "error": why, "mend": "see whether it was made: it was whole, or not at all"}
        return answer


def _heard(
    make: Callable[[Request], Awaitable[dict[str, Any] | Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that tells an answer, or why a request is not heard, in the language of the page."""

    async def endpoint(request: Request) -> Response:
        try:
            told = await make(request)
        except _Refused as e:
            told = e.answer
        if isinstance(told, Response):
            return told
        # The scripts of a page send its language, whatever the browser would prefer.
        language = "zh" if request.headers.get("accept-language", "").startswith("zh") else "en"
        return JSONResponse(wording.answer(told, language), told.get("status", 200), NO_STORE)

    return endpoint


def _cookie(request: Request) -> str:
    """Return the name of the session's cookie: one a port, because browsers share cookies between ports."""
    return f"kg-edit-{request.scope['server'][1]}"


def _same(given: str, wanted: str) -> bool:
    """Compare a secret in a time that says nothing of it."""
    return hmac.compare_digest(given.encode(), wanted.encode())


async def _body(request: Request) -> dict[str, Any]:
    """Read what is sent.

    Raises:
        _Refused: when it is too long, or no JSON object.
    """
    long = _Refused(413, f"this is longer than {LONGEST // 2**10} KiB", "send it in parts")
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > LONGEST:
        raise long
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LONGEST:
            raise long
    try:
        sent = json.loads(body or b"{}")
        # Half of a surrogate pair is in no file.
        json.dumps(sent, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise _Refused(400, "this is no JSON that a file could hold", "send an object") from None
    if not isinstance(sent, dict):
        raise _Refused(400, "this is no JSON object", "send an object")
    return sent


def _operations(sent: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the operations of an edit.

    Raises:
        _Refused: when these are none, or too many.
    """
    operations = sent.get("operations")
    if not isinstance(operations, list) or not all(isinstance(one, dict) for one in operations):
        raise _Refused(400, "an edit is a list of operations", '{"operations": [{"do": …}]}')
    if not 0 < len(operations) <= MOST:
        raise _Refused(400, f"an edit has from 1 to {MOST} operations", "send it in parts")
    return operations
