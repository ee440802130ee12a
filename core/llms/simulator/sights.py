"""What the brain says about an image, a file or a sound clip: facts taken from its bytes, never from a network."""

from __future__ import annotations

import struct
from typing import assert_never

from core.llms.simulator.conversation import Audio, File, Image, Part, Text
from core.llms.simulator.images import main_colour, read_image


def describe_part(part: Part, number: int) -> str:
    """One sentence about a part of a message; `number` counts the parts that are not text, from 1."""
    match part:
        case Image():
            return _describe_image(part, number)
        case File():
            return _describe_file(part, number)
        case Audio():
            return _describe_audio(part, number)
        case Text():
            return part.text
    assert_never(part)


def _describe_image(image: Image, number: int) -> str:
    if image.data is None:
        return f"Image {number} is at {image.url}, which the simulator never fetches."
    facts = read_image(image.data)
    size = f"{facts.width}×{facts.height} pixels"
    colour = main_colour(image.data)
    if colour is None:
        return f"Image {number} is a {facts.format.upper()} of {size}; its colour needs the `simulator` extra."
    return f"Image {number} is a {facts.format.upper()} of {size}, mainly {colour}."


def _describe_file(file: File, number: int) -> str:
    if file.data is None:
        return f"File {number} is {file.name!r}, given by reference only."
    return f"File {number} is {file.name!r} of {len(file.data)} bytes."


def _describe_audio(audio: Audio, number: int) -> str:
    seconds = wav_seconds(audio.data)
    length = f", {seconds:.2f} seconds long" if seconds is not None else ""
    return f"Audio {number} is {audio.format.upper()} of {len(audio.data)} bytes{length}."


def wav_seconds(data: bytes) -> float | None:
    """The duration of a WAV file from its header; None for any other format."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None
    position, bytes_per_second = 12, 0
    while position + 8 <= len(data):
        name = data[position : position + 4]
        size = int(struct.unpack("<I", data[position + 4 : position + 8])[0])
        if name == b"fmt " and position + 20 <= len(data):
            bytes_per_second = int(struct.unpack("<I", data[position + 16 : position + 20])[0])
        if name == b"data" and bytes_per_second:
            return min(size, len(data) - position - 8) / bytes_per_second
        position += 8 + size + (size & 1)
    return None
