"""The characters of Chinese, Japanese and Korean, once."""

from __future__ import annotations

import re

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
UNSPACED_RANGES = "\u3040-\u30ff" + _HAN
"""What stands inside the brackets of :data:`UNSPACED`."""

HAN = re.compile(f"[{_HAN}]")
"""A Chinese character; Japanese and Korean share them."""
UNSPACED = re.compile(f"[{UNSPACED_RANGES}]")
"""A Chinese character or kana: they are written without spaces between words."""
CJK = re.compile(f"[{UNSPACED_RANGES}\uac00-\ud7af]")
"""Any of these, or a syllable of Hangul."""
