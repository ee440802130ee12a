"""Vectors for texts: deterministic, alike for texts that share words. Knows no vendor."""

from __future__ import annotations

import hashlib
import math
import re
import struct


def embed(content: str, dimensions: int) -> list[float]:
    """A vector of length 1: the sum of one pseudo-random vector for each word."""
    vector = [0.0] * dimensions
    for word in re.findall(r"\w+", content.lower()) or [content]:
        for index, value in enumerate(_word_vector(word, dimensions)):
            vector[index] += value
    length = math.sqrt(sum(value * value for value in vector))
    return [struct.unpack("<f", struct.pack("<f", value / length))[0] for value in vector]


def _word_vector(word: str, dimensions: int) -> list[float]:
    raw = hashlib.shake_128(word.encode()).digest(dimensions * 2)
    return [value / 32768 for value in struct.unpack(f"<{dimensions}h", raw)]
