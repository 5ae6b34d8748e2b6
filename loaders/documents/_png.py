"""Write a picture as PNG."""

from __future__ import annotations

import struct
import zlib

_SHADES = bytes(b"0123456789abcdef"[value >> 4] for value in range(256))
"""A shade of grey, of sixteen, as the hexadecimal digit that it is in half a byte."""


def png(pixels: bytes, width: int, height: int) -> bytes:
    r"""Write a picture as PNG: one that is all grey with sixteen shades, which is enough for print.

    Args:
        pixels: red, green and blue of each pixel, row by row.
        width: pixels of a row.
        height: rows.

    Example:
        >>> png(bytes(3), 1, 1)[:4]
        b'\x89PNG'
    """
    red = pixels[::3]
    if red == pixels[1::3] == pixels[2::3]:
        depth, colour = 4, 0
        digits = red.translate(_SHADES).decode()
        odd = "0" * (width % 2)
        rows = [bytes.fromhex(digits[at : at + width] + odd) for at in range(0, width * height, width)]
    else:
        depth, colour = 8, 2
        rows = [pixels[at : at + 3 * width] for at in range(0, 3 * width * height, 3 * width)]
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    # Each row is written as it is (filter 0).
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
