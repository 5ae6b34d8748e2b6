"""A process that the tests of processes call."""

import os
import sys
import time

from kg.errors import QueryRefused, UnknownTerm
from kg.processes import Reply, serve


def echo(*values):
    os.write(1, b"what is printed is no reply\n")
    return list(values)


def body(size):
    return Reply({"size": size}, os.urandom(size))


def refuse(word):
    raise QueryRefused(word)


def unknown(word):
    raise UnknownTerm(word, "concept", ["this", "that"])


def fail():
    raise ZeroDivisionError("by a fault")


def sleep(seconds):
    time.sleep(seconds)


def take(size):
    taken = bytearray(os.urandom(2**20) * (size >> 20))
    time.sleep(60)
    return len(taken)


def end(left):
    os.write(1, b"half a line")
    os.write(2, b"first\nlast words\n")
    os._exit(left)


def command():
    return sys.argv


if __name__ == "__main__":
    serve({f.__name__: f for f in (echo, body, refuse, unknown, fail, sleep, take, end, command)})
