"""From a prompt and a system message to the messages of a call, and from an answer to its text."""

from __future__ import annotations

from core.llms.types.message_dicts import MessagesInput, parse_messages
from core.llms.types.messages import DeveloperMessage, SystemMessage, UserMessage
from core.llms.types.response import LLMResponse


def add_system_message(prompt: MessagesInput, system_message: str | None) -> MessagesInput:
    """Put the system message before a prompt that brings none of its own."""
    if not system_message:
        return prompt
    if isinstance(prompt, str):
        return [SystemMessage(system_message), UserMessage(prompt)]
    try:
        messages = parse_messages(prompt)
    except ValueError:
        return prompt  # the LLM refuses it, and names the place as the caller counts
    if any(isinstance(message, SystemMessage | DeveloperMessage) for message in messages):
        return prompt
    return [SystemMessage(system_message), *messages]


def text_of(response: LLMResponse) -> str:
    """Return what the model said: its text, or its refusal where that is all."""
    return response.text or response.refusal or ""
