"""What a text means, as a vector: near for texts that say alike in other words.

Two sentence encoders ship, one for each language, each an ONNX file with the JSON of its tokenizer in ``models/``:
all-MiniLM-L6-v2 (Reimers and Gurevych 2019, Sentence-BERT; Wang et al. 2020, MiniLM) for English, and
bge-small-zh-v1.5 (Xiao et al. 2023, C-Pack) for Chinese, both with weights of eight bits. onnxruntime and tokenizers
are imported when the first text is encoded.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kg import paths

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    Vector = NDArray[float32]

_LONGEST = 256
"""How much of a text is read (tokens, of which a word has one or two)."""


class _Model(NamedTuple):
    """A sentence encoder.

    Args:
        pooling: whether the vector of a text is that of its first token, ``cls``, or the ``mean`` of all.
        prompt: what stands before a question, so that it is near to the texts that answer it.
        version: its name, another one where the same text gets another vector.
    """

    pooling: str
    prompt: str
    version: str


_MODELS = {
    "en": _Model("mean", "", "all-MiniLM-L6-v2"),
    "zh": _Model("cls", "为这个句子生成表示以用于检索相关文章：", "bge-small-zh-v1.5"),
}


class Encoder:
    """The sentence encoder of one language.

    Args:
        language: ``en`` or ``zh``.

    Example:
        >>> encoder = Encoder("en")
        >>> cost, price, tree = map(encoder.encode, ("what it costs", "the price of it", "a tall tree"))
        >>> float(cost @ price) > float(cost @ tree)
        True
    """

    def __init__(self, language: str) -> None:
        # They take half a second to load, and most questions are answered without them.
        import onnxruntime
        from tokenizers import Tokenizer

        self.model = _MODELS[language]
        folder = paths.shipped("language") / "models"
        self._tokenizer = Tokenizer.from_file(str(folder / f"{language}.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_LONGEST)
        options = onnxruntime.SessionOptions()
        # More threads gain little on texts of a sentence, and pages are made by several processes.
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / f"{language}.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def encode(self, text: str) -> Vector:
        """Return the vector of a text, of length one.

        One text is encoded at a time: weights of eight bits make the vector of a text depend on those beside it.

        Args:
            text: a sentence or a few; what is longer than 256 tokens is cut.
        """
        import numpy as np

        # What is no text, as half a character of UTF-16, may be typed as well.
        clean = text.encode("utf-8", "replace").decode("utf-8")
        ids = np.array([self._tokenizer.encode(clean).ids], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        tokens = self._session.run(None, given)[0][0]
        vector = tokens[0] if self.model.pooling == "cls" else tokens.mean(0)
        unit: Vector = (vector / np.linalg.norm(vector)).astype(np.float32)
        return unit

    def encode_question(self, text: str) -> Vector:
        """Return the vector of a question, to be compared with those of texts.

        Args:
            text: the question.
        """
        return self.encode(self.model.prompt + text)


@cache
def encoder(language: str) -> Encoder:
    """Return the sentence encoder of a language, loaded once.

    Args:
        language: ``en`` or ``zh``.
    """
    return Encoder(language)


def version(language: str) -> str:
    """Return the name of the encoder of a language, under which the vectors that it gives are kept.

    Args:
        language: ``en`` or ``zh``.
    """
    return _MODELS[language].version
