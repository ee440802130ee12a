"""The table of watsonx.ai's rooms: every name that a model goes by, and where its classes are."""

from __future__ import annotations

from typing import Final

from core.llms.providers.base.rooms import Room


def _room(package: str, metadata: str) -> Room:
    return Room(f"core.llms.providers.watsonx.models.{package}", metadata)


ROOMS = {
    "ibm/granite-4-h-small": _room("granite_4_h_small", "Granite4HSmallMetadata"),
    "openai/gpt-oss-120b": _room("gpt_oss_120b", "GptOss120BMetadata"),
    "meta-llama/llama-3-3-70b-instruct": _room("llama_33_70b", "Llama3370BMetadata"),
    "meta-llama/llama-4-maverick-17b-128e-instruct-fp8": _room("llama_4_maverick", "Llama4MaverickMetadata"),
    "mistralai/mistral-medium-2505": _room("mistral_medium", "MistralMediumMetadata"),
    "mistralai/mistral-small-3-1-24b-instruct-2503": _room("mistral_small_31", "MistralSmall31Metadata"),
    "ibm/granite-3-3-8b-instruct": _room("granite_33_8b", "Granite338BMetadata"),
    "ibm/granite-13b-chat-v2": _room("granite_13b_chat", "Granite13BChatMetadata"),
    "ibm/granite-13b-instruct-v2": _room("granite_13b_instruct", "Granite13BInstructMetadata"),
    "ibm/granite-embedding-278m-multilingual": _room("granite_embedding_278m", "GraniteEmbedding278MMetadata"),
}
_SHORT_NAMES: Final = {id.partition("/")[2]: id for id in ROOMS} | {"granite-13b": "ibm/granite-13b-chat-v2"}


def find_id(name: str) -> str:
    """Return the id of a listed model that goes by its name without the publisher's; another name as it is."""
    return _SHORT_NAMES.get(name.removeprefix("watsonx-"), name)
