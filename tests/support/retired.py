"""Models that vendors have retired, and which of the simulator's answer for them."""

from __future__ import annotations

from typing import Final

STAND_INS: Final = {
    "mixtral-8x7b-32768": "llama-3.3-70b-versatile",
    "llama3-70b-8192": "llama-3.3-70b-versatile",
    "llama3-8b-8192": "llama-3.1-8b-instant",
    "gemma2-9b-it": "llama-3.1-8b-instant",
    "claude-3-opus-20240229": "claude-haiku-4-5",
    "ibm/granite-13b-chat-v2": "ibm/granite-3-3-8b-instruct",
}
