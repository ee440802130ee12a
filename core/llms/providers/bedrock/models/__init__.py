"""The table of Bedrock's rooms: every id that a model goes by, and where its class is."""

from __future__ import annotations

from core.llms.providers.base.metadata import BaseMetadata
from core.llms.providers.base.rooms import Room
from core.llms.wires.bedrock_converse import base_model


def _room(package: str, metadata: str) -> Room:
    return Room(f"core.llms.providers.bedrock.models.{package}", metadata)


ROOMS = {
    "global.anthropic.claude-opus-5-5": _room("opus_55", "Opus55Metadata"),
    "anthropic.claude-opus-5-5": _room("opus_55", "Opus55Metadata"),
    "us.anthropic.claude-opus-5-5": _room("opus_55", "Opus55RegionalMetadata"),
    "eu.anthropic.claude-opus-5-5": _room("opus_55", "Opus55RegionalMetadata"),
    "jp.anthropic.claude-opus-5-5": _room("opus_55", "Opus55RegionalMetadata"),
    "au.anthropic.claude-opus-5-5": _room("opus_55", "Opus55RegionalMetadata"),
    "apac.anthropic.claude-opus-5-5": _room("opus_55", "Opus55RegionalMetadata"),
    "global.anthropic.claude-sonnet-5-5": _room("sonnet_55", "Sonnet55Metadata"),
    "anthropic.claude-sonnet-5-5": _room("sonnet_55", "Sonnet55Metadata"),
    "us.anthropic.claude-sonnet-5-5": _room("sonnet_55", "Sonnet55RegionalMetadata"),
    "eu.anthropic.claude-sonnet-5-5": _room("sonnet_55", "Sonnet55RegionalMetadata"),
    "jp.anthropic.claude-sonnet-5-5": _room("sonnet_55", "Sonnet55RegionalMetadata"),
    "au.anthropic.claude-sonnet-5-5": _room("sonnet_55", "Sonnet55RegionalMetadata"),
    "apac.anthropic.claude-sonnet-5-5": _room("sonnet_55", "Sonnet55RegionalMetadata"),
    "global.anthropic.claude-haiku-5-5": _room("haiku_55", "Haiku55Metadata"),
    "anthropic.claude-haiku-5-5": _room("haiku_55", "Haiku55Metadata"),
    "us.anthropic.claude-haiku-5-5": _room("haiku_55", "Haiku55RegionalMetadata"),
    "eu.anthropic.claude-haiku-5-5": _room("haiku_55", "Haiku55RegionalMetadata"),
    "jp.anthropic.claude-haiku-5-5": _room("haiku_55", "Haiku55RegionalMetadata"),
    "au.anthropic.claude-haiku-5-5": _room("haiku_55", "Haiku55RegionalMetadata"),
    "apac.anthropic.claude-haiku-5-5": _room("haiku_55", "Haiku55RegionalMetadata"),
    "global.anthropic.claude-fable-5-1": _room("fable_51", "Fable51Metadata"),
    "anthropic.claude-fable-5-1": _room("fable_51", "Fable51Metadata"),
    "us.anthropic.claude-fable-5-1": _room("fable_51", "Fable51RegionalMetadata"),
    "eu.anthropic.claude-fable-5-1": _room("fable_51", "Fable51RegionalMetadata"),
    "jp.anthropic.claude-fable-5-1": _room("fable_51", "Fable51RegionalMetadata"),
    "au.anthropic.claude-fable-5-1": _room("fable_51", "Fable51RegionalMetadata"),
    "apac.anthropic.claude-fable-5-1": _room("fable_51", "Fable51RegionalMetadata"),
    "global.anthropic.claude-opus-4-8": _room("opus_48", "Opus48Metadata"),
    "anthropic.claude-opus-4-8": _room("opus_48", "Opus48Metadata"),
    "us.anthropic.claude-opus-4-8": _room("opus_48", "Opus48RegionalMetadata"),
    "eu.anthropic.claude-opus-4-8": _room("opus_48", "Opus48RegionalMetadata"),
    "jp.anthropic.claude-opus-4-8": _room("opus_48", "Opus48RegionalMetadata"),
    "au.anthropic.claude-opus-4-8": _room("opus_48", "Opus48RegionalMetadata"),
    "apac.anthropic.claude-opus-4-8": _room("opus_48", "Opus48RegionalMetadata"),
    "global.anthropic.claude-sonnet-4-6": _room("sonnet_46", "Sonnet46Metadata"),
    "anthropic.claude-sonnet-4-6": _room("sonnet_46", "Sonnet46Metadata"),
    "us.anthropic.claude-sonnet-4-6": _room("sonnet_46", "Sonnet46RegionalMetadata"),
    "eu.anthropic.claude-sonnet-4-6": _room("sonnet_46", "Sonnet46RegionalMetadata"),
    "jp.anthropic.claude-sonnet-4-6": _room("sonnet_46", "Sonnet46RegionalMetadata"),
    "au.anthropic.claude-sonnet-4-6": _room("sonnet_46", "Sonnet46RegionalMetadata"),
    "apac.anthropic.claude-sonnet-4-6": _room("sonnet_46", "Sonnet46RegionalMetadata"),
    "global.anthropic.claude-sonnet-4-5-20250929-v1:0": _room("sonnet_45", "Sonnet45Metadata"),
    "anthropic.claude-sonnet-4-5-20250929-v1:0": _room("sonnet_45", "Sonnet45Metadata"),
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0": _room("sonnet_45", "Sonnet45RegionalMetadata"),
    "eu.anthropic.claude-sonnet-4-5-20250929-v1:0": _room("sonnet_45", "Sonnet45RegionalMetadata"),
    "jp.anthropic.claude-sonnet-4-5-20250929-v1:0": _room("sonnet_45", "Sonnet45RegionalMetadata"),
    "au.anthropic.claude-sonnet-4-5-20250929-v1:0": _room("sonnet_45", "Sonnet45RegionalMetadata"),
    "apac.anthropic.claude-sonnet-4-5-20250929-v1:0": _room("sonnet_45", "Sonnet45RegionalMetadata"),
    "global.anthropic.claude-haiku-4-5-20251001-v1:0": _room("haiku_45", "Haiku45Metadata"),
    "anthropic.claude-haiku-4-5-20251001-v1:0": _room("haiku_45", "Haiku45Metadata"),
    "us.anthropic.claude-haiku-4-5-20251001-v1:0": _room("haiku_45", "Haiku45RegionalMetadata"),
    "eu.anthropic.claude-haiku-4-5-20251001-v1:0": _room("haiku_45", "Haiku45RegionalMetadata"),
    "jp.anthropic.claude-haiku-4-5-20251001-v1:0": _room("haiku_45", "Haiku45RegionalMetadata"),
    "au.anthropic.claude-haiku-4-5-20251001-v1:0": _room("haiku_45", "Haiku45RegionalMetadata"),
    "apac.anthropic.claude-haiku-4-5-20251001-v1:0": _room("haiku_45", "Haiku45RegionalMetadata"),
    "global.amazon.nova-2-lite-v1:0": _room("nova_2_lite", "Nova2LiteMetadata"),
    "amazon.nova-2-lite-v1:0": _room("nova_2_lite", "Nova2LiteMetadata"),
    "us.amazon.nova-2-lite-v1:0": _room("nova_2_lite", "Nova2LiteRegionalMetadata"),
    "amazon.nova-premier-v1:0": _room("nova_premier", "NovaPremierMetadata"),
    "us.amazon.nova-premier-v1:0": _room("nova_premier", "NovaPremierMetadata"),
    "amazon.nova-pro-v1:0": _room("nova_pro", "NovaProMetadata"),
    "us.amazon.nova-pro-v1:0": _room("nova_pro", "NovaProMetadata"),
    "amazon.nova-lite-v1:0": _room("nova_lite", "NovaLiteMetadata"),
    "us.amazon.nova-lite-v1:0": _room("nova_lite", "NovaLiteMetadata"),
    "amazon.nova-micro-v1:0": _room("nova_micro", "NovaMicroMetadata"),
    "us.amazon.nova-micro-v1:0": _room("nova_micro", "NovaMicroMetadata"),
    "meta.llama4-maverick-17b-instruct-v1:0": _room("llama_4_maverick", "Llama4MaverickMetadata"),
    "us.meta.llama4-maverick-17b-instruct-v1:0": _room("llama_4_maverick", "Llama4MaverickMetadata"),
    "meta.llama4-scout-17b-instruct-v1:0": _room("llama_4_scout", "Llama4ScoutMetadata"),
    "us.meta.llama4-scout-17b-instruct-v1:0": _room("llama_4_scout", "Llama4ScoutMetadata"),
    "meta.llama3-3-70b-instruct-v1:0": _room("llama_33_70b", "Llama3370bMetadata"),
    "us.meta.llama3-3-70b-instruct-v1:0": _room("llama_33_70b", "Llama3370bMetadata"),
    "mistral.mistral-large-3-675b-instruct": _room("mistral_large_3", "MistralLarge3Metadata"),
    "us.mistral.pixtral-large-2502-v1:0": _room("pixtral_large", "PixtralLargeMetadata"),
    "eu.mistral.pixtral-large-2502-v1:0": _room("pixtral_large", "PixtralLargeMetadata"),
    "mistral.pixtral-large-2502-v1:0": _room("pixtral_large", "PixtralLargeMetadata"),
    "openai.gpt-oss-120b-1:0": _room("gpt_oss_120b", "GptOss120bMetadata"),
    "openai.gpt-oss-20b-1:0": _room("gpt_oss_20b", "GptOss20bMetadata"),
    "amazon.titan-embed-text-v2:0": _room("titan_embed_text_v2", "TitanEmbedTextV2Metadata"),
    "cohere.embed-v4:0": _room("cohere_embed_v4", "CohereEmbedV4Metadata"),
    "us.cohere.embed-v4:0": _room("cohere_embed_v4", "CohereEmbedV4Metadata"),
    "global.cohere.embed-v4:0": _room("cohere_embed_v4", "CohereEmbedV4Metadata"),
    "amazon.nova-2-multimodal-embeddings-v1:0": _room("nova_embeddings", "NovaEmbeddingsMetadata"),
}


def find_listed(name: str) -> type[BaseMetadata] | None:
    """Find the facts of a model that is called by an id which is not in the table, though its model is.

    That is the ARN of a model or of an inference profile, and a profile of another geography, whose prices are not
    known. Returns None for an id that is in the table, and for one whose model is not.
    """
    bare = name.removeprefix("bedrock-")
    if bare in ROOMS:
        return None
    tail = bare.rpartition("/")[2] if bare.startswith("arn:") else bare
    if tail in ROOMS:
        metadata, _ = ROOMS[tail].load()
    elif (model := base_model(bare)) in ROOMS:
        metadata = _without_prices(ROOMS[model].load()[0])
    else:
        return None
    metadata.warn_if_retired()
    return metadata


def _without_prices(metadata: type[BaseMetadata]) -> type[BaseMetadata]:
    unknown = {"PRICES": None, "COST_PER_1K_INPUT": None, "COST_PER_1K_OUTPUT": None}
    return type(metadata.__name__, (metadata,), unknown)
