"""Recordings made for the tests."""

from __future__ import annotations

import io
import wave


def sound(seconds: float) -> bytes:
    """Silence as a WAV file of 8,000 samples a second."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(1)
        recording.setframerate(8000)
        recording.writeframes(b"\x80" * int(seconds * 8000))
    return buffer.getvalue()
