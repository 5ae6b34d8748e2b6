"""Clients that mean harm, all of them on loopback: each attack goes on until its time is over.

python hostile.py PORT SECONDS
"""

from __future__ import annotations

import asyncio
import random
import socket
import sys
import time
from contextlib import suppress
from urllib.parse import quote

HUNGRY = quote("SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?a ?b ?c ?x ?y ?z { ?a ?b ?c . ?x ?y ?z } }")
"""A query that would take all memory."""


async def opened(port, *, small=False):
    """Open a connection, with a small buffer for what comes in."""
    sock = socket.socket()
    sock.setblocking(False)  # noqa: FBT003
    if small:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
    return await asyncio.open_connection(sock=sock, limit=2**12 if small else 2**16)


def head(path, *lines, method="GET"):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""]).encode()


async def heads_without_end(port, chance):
    """Send header lines for ever."""
    _, writer = await opened(port)
    writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    for number in range(5000):
        writer.write(b"X-%d: " % number + b"a" * 50_000 + b"\r\n")
        await writer.drain()


async def half_requests(port, chance):
    """Begin a request, send a byte now and then, and never end it."""
    _, writer = await opened(port)
    writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
    for _ in range(60):
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.5)


async def many_connections(port, chance):
    """Open many connections and say nothing."""
    some = [await opened(port) for _ in range(200)]
    await asyncio.sleep(2)
    for _, writer in some:
        writer.close()
    await asyncio.sleep(1)


async def bodies_without_end(port, chance):
    """Send a body, an extension of a chunk, or a trailer for ever."""
    _, writer = await opened(port)
    writer.write(head("/", "Transfer-Encoding: chunked", method="POST"))
    begin, piece = chance.choice(
        [
            (b"", b"ffff\r\n" + b"a" * 0xFFFF + b"\r\n"),
            (b"1;", b"a" * 50_000),
            (b"0\r\n", b"X: " + b"a" * 50_000 + b"\r\n"),
        ]
    )
    writer.write(begin)
    for _ in range(5000):
        writer.write(piece)
        await writer.drain()


async def garbage(port, chance):
    """Send what is no request."""
    reader, writer = await opened(port)
    writer.write(chance.choice([b"", b"GET ", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"]) + chance.randbytes(2000))
    await reader.read(1000)
    writer.close()
    await asyncio.sleep(0.05)


async def many_fields(port, chance):
    """Ask with too many fields, and with as many as there may be, each time others."""
    reader, writer = await opened(port)
    for number in (150, 300):
        fields = "&".join(f"case={chance.randrange(10**9):030d}" for _ in range(number))
        writer.write(head(f"/proposition/P1?{fields}"))
        await reader.read(2**16)
    writer.close()
    await asyncio.sleep(0.2)


async def slow_readers(port, chance):
    """Ask for much and read it byte by byte."""
    reader, writer = await opened(port, small=True)
    writer.write(head("/static/cytoscape.min.js") * 40)
    for _ in range(80):
        if not await reader.read(1):
            break
        await asyncio.sleep(0.5)
    writer.close()


async def dropped_midway(port, chance):
    """Ask for a page that was not made yet, and be gone."""
    _, writer = await opened(port)
    writer.write(head(f"/search?q={chance.randrange(10**9)}"))
    await writer.drain()
    writer.transport.abort()
    await asyncio.sleep(0.05)


async def hungry_queries(port, chance):
    """Ask for a query that takes all memory, and be gone after a while."""
    reader, writer = await opened(port)
    writer.write(head(f"/sparql?q={HUNGRY}", "Accept: application/json"))
    with suppress(TimeoutError):
        await asyncio.wait_for(reader.read(1000), chance.uniform(0, 3))
    writer.transport.abort()
    await asyncio.sleep(1)


async def foreign_queries(port, chance):
    """Let a page elsewhere ask for such a query."""
    reader, writer = await opened(port)
    writer.write(
        head(f"/sparql?q={HUNGRY}", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image")
    )
    assert b" 403 " in await reader.readline()
    writer.close()
    await asyncio.sleep(0.05)


async def pipelines(port, chance):
    """Send many requests at once, and read no answer."""
    _, writer = await opened(port, small=True)
    writer.write(head("/propositions") * 2000)
    await asyncio.sleep(5)
    writer.transport.abort()


ATTACKS = {
    heads_without_end: 2,
    half_requests: 60,
    many_connections: 1,
    bodies_without_end: 2,
    garbage: 2,
    many_fields: 1,
    slow_readers: 10,
    dropped_midway: 2,
    hungry_queries: 2,
    foreign_queries: 2,
    pipelines: 4,
}
"""How many clients attack in each way at a time."""


async def attack(port, seconds):
    """Attack in every way, and print how often each was tried to its end or until it was cut off."""
    tried = dict.fromkeys(ATTACKS, 0)
    end = time.monotonic() + seconds

    async def one(way, chance):
        while time.monotonic() < end:
            with suppress(OSError, TimeoutError):
                await asyncio.wait_for(way(port, chance), max(end - time.monotonic(), 0.1))
            tried[way] += 1
            await asyncio.sleep(0.02)

    ways = [(way, number) for way, some in ATTACKS.items() for number in range(some)]
    await asyncio.gather(*(one(way, random.Random(f"{way.__name__} {number}")) for way, number in ways))
    for way, times in tried.items():
        print(way.__name__, times)  # noqa: T201 (read by the test)


if __name__ == "__main__":
    asyncio.run(attack(int(sys.argv[1]), float(sys.argv[2])))
