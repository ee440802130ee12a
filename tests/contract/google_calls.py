"""Calls of Gemini, made with google-genai and with ours, and where the two differ on purpose. No comparison is here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from google import genai
from google.genai import types
from google.oauth2.credentials import Credentials

from core.llms import AudioPart, FilePart, ImagePart, ResponseFormat, ServerTool, TextPart, Tool, UserMessage
from core.llms.providers.google import GoogleBaseLLM, create_google_llm
from core.llms.types.content import ReasoningPart, ToolCall
from core.llms.types.messages import AssistantMessage, SystemMessage, ToolMessage

MODEL = "gemini-3.5-flash"
OLDER = "gemini-2.5-flash"
PNG = b"\x89PNG\r\n\x1a\n-"
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
FUNCTION = types.FunctionDeclaration(name="weather", description="Look it up.", parameters_json_schema=SCHEMA)
TOOL = Tool("weather", "Look it up.", SCHEMA)

SINGLE_EMBEDDING: Final = (
    "One text is embedded on Vertex AI by the same method as several, `batchEmbedContents`; the SDK takes "
    "`embedContent`."
)
WHOLE_COUNT: Final = (
    "The exact count of tokens wraps the whole request (`generateContentRequest`), so that instructions and tools "
    "are counted; the SDK sends the contents alone and refuses the rest."
)
LARGE_PAGES: Final = "The model list is asked for in pages of 1,000, the largest; the SDK takes the vendor's page."
EMPTY_CONFIG: Final = "A `generationConfig` with nothing in it is left out; the SDK sends it empty."
WHOLE_NUMBERS: Final = "`top_k` goes out as the whole number that it is; the SDK writes it with a fraction of zero."
TYPE_OF_ADDRESS: Final = (
    "Media given by address carry the type that their name tells, where the caller gave none; the SDK leaves it out."
)


@dataclass(frozen=True)
class Call:
    """One call in both SDKs, and the places in which they differ, with the reason."""

    name: str
    theirs: Callable[[genai.Client], Any]
    ours: Callable[[GoogleBaseLLM], Awaitable[Any]]
    model: str = MODEL
    vertex: bool = False
    differences: dict[str, str] = field(default_factory=dict)


def create_their_client(call: Call, url: str) -> genai.Client:
    options = types.HttpOptions(base_url=url)
    if not call.vertex:
        return genai.Client(api_key="k", vertexai=False, http_options=options)
    credentials = Credentials(token="token", quota_project_id="q")  # type: ignore[no-untyped-call]  # untyped there
    return genai.Client(vertexai=True, project="p", location="eu", credentials=credentials, http_options=options)


def create_our_llm(call: Call, url: str) -> GoogleBaseLLM:
    if not call.vertex:
        return create_google_llm(call.model, api_key="k", vertex=False, base_url=url)
    credentials = Credentials(token="token", quota_project_id="q")  # type: ignore[no-untyped-call]  # untyped there
    return create_google_llm(call.model, project="p", location="eu", credentials=credentials, base_url=url)


def generate(
    name: str, messages: Any, contents: Any, config: dict[str, Any] | None = None, *, stream: bool = False, **facts: Any
) -> Call:
    """A call of generateContent; `options` are ours, `config` theirs."""
    options = facts.pop("options", {})
    model = facts.get("model", MODEL)
    off = types.AutomaticFunctionCallingConfig(disable=True)
    their_config = types.GenerateContentConfig(**config, automatic_function_calling=off) if config else None

    def theirs(client: genai.Client) -> None:
        if stream:
            list(client.models.generate_content_stream(model=model, contents=contents, config=their_config))
        else:
            client.models.generate_content(model=model, contents=contents, config=their_config)

    async def ours(llm: GoogleBaseLLM) -> None:
        if stream:
            await llm.stream_answer(messages, **options).get_response()
        else:
            await llm.get_answer(messages, **options)

    return Call(name, theirs, ours, **facts)


def embed(name: str, texts: list[str], **facts: Any) -> Call:
    def theirs(client: genai.Client) -> None:
        config = types.EmbedContentConfig(output_dimensionality=64, task_type="RETRIEVAL_QUERY")
        client.models.embed_content(model=facts["model"], contents=texts, config=config)  # type: ignore[arg-type]

    return Call(name, theirs, lambda llm: llm.embed(texts, dimensions=64, input_type="query"), **facts)


CONVERSATION = (SystemMessage("Be brief."), UserMessage("Hi"), AssistantMessage("Hello."), UserMessage("Bye"))
CALL_BACK = (
    UserMessage("Weather?"),
    AssistantMessage(
        (
            ReasoningPart("hm", origin="gemini"),
            ToolCall("1", "weather", {"city": "Oslo"}, "{}", item_id="1", signature="YWJj", origin="gemini"),
        )
    ),
)


def _their_call_back(*results: types.Part) -> list[types.Content]:
    call = types.FunctionCall(id="1", name="weather", args={"city": "Oslo"})
    said = [types.Part(text="hm", thought=True), types.Part(function_call=call, thought_signature=b"abc")]
    return [
        types.Content(role="user", parts=[types.Part(text="Weather?")]),
        types.Content(role="model", parts=said),
        types.Content(role="user", parts=list(results)),
    ]


def _their_result(response: dict[str, Any], *pictures: bytes) -> types.Part:
    blobs = [types.FunctionResponseBlob(mime_type="image/png", data=data) for data in pictures]
    parts = [types.FunctionResponsePart(inline_data=blob) for blob in blobs] or None
    result = types.FunctionResponse(id="1", name="weather", response=response, parts=parts)
    return types.Part(function_response=result)


CALLS = (
    generate("one message", "Hi", "Hi"),
    generate("one message on vertex", "Hi", "Hi", vertex=True),
    generate("a stream", "Hi", "Hi", stream=True),
    generate("a stream on vertex", "Hi", "Hi", stream=True, vertex=True),
    generate(
        "a conversation with instructions",
        CONVERSATION,
        [
            types.Content(role="user", parts=[types.Part(text="Hi")]),
            types.Content(role="model", parts=[types.Part(text="Hello.")]),
            types.Content(role="user", parts=[types.Part(text="Bye")]),
        ],
        {"system_instruction": "Be brief."},
        differences={"body.generationConfig": EMPTY_CONFIG},
    ),
    generate(
        "every sampling parameter",
        "Hi",
        "Hi",
        {
            "max_output_tokens": 10,
            "temperature": 0.5,
            "top_p": 0.9,
            "top_k": 40,
            "stop_sequences": ["END"],
            "seed": 7,
            "candidate_count": 2,
            "presence_penalty": 0.1,
            "frequency_penalty": -0.1,
            "response_logprobs": True,
            "logprobs": 3,
        },
        model=OLDER,
        options={
            "max_tokens": 10,
            "temperature": 0.5,
            "top_p": 0.9,
            "top_k": 40,
            "stop": ["END"],
            "seed": 7,
            "n": 2,
            "presence_penalty": 0.1,
            "frequency_penalty": -0.1,
            "logprobs": True,
            "top_logprobs": 3,
        },
        differences={"body.generationConfig.topK": WHOLE_NUMBERS},
    ),
    generate(
        "a level of thinking, shown",
        "Hi",
        "Hi",
        {"thinking_config": types.ThinkingConfig(thinking_level=types.ThinkingLevel.LOW, include_thoughts=True)},
        options={"reasoning_effort": "low", "reasoning_summary": "auto"},
    ),
    generate(
        "a budget of thinking",
        "Hi",
        "Hi",
        {"thinking_config": types.ThinkingConfig(thinking_budget=0)},
        model=OLDER,
        options={"reasoning_effort": "none"},
    ),
    generate(
        "tier, labels and store",
        "Hi",
        "Hi",
        {"service_tier": types.ServiceTier.FLEX, "labels": {"team": "a"}, "store": False},
        options={"service_tier": "flex", "metadata": {"team": "a"}, "store": False},
        differences={"body.generationConfig": EMPTY_CONFIG},
    ),
    generate(
        "image, document and sound",
        [UserMessage([TextPart("?"), ImagePart(data=PNG), FilePart(data=b"%PDF-1.4\n"), AudioPart(data=WAV)])],
        [
            types.Part(text="?"),
            types.Part.from_bytes(data=PNG, mime_type="image/png"),
            types.Part.from_bytes(data=b"%PDF-1.4\n", mime_type="application/pdf"),
            types.Part.from_bytes(data=WAV, mime_type="audio/wav"),
        ],
    ),
    generate(
        "media by address",
        [
            UserMessage(
                [
                    FilePart(url="https://www.youtube.com/watch?v=1"),
                    FilePart(url="gs://b/a.mp4", media_type="video/mp4"),
                    FilePart(file_id="https://generativelanguage.googleapis.com/v1beta/files/1"),
                    ImagePart(url="https://a.example/b.png"),
                ]
            )
        ],
        [
            types.Part(file_data=types.FileData(file_uri="https://www.youtube.com/watch?v=1")),
            types.Part(file_data=types.FileData(file_uri="gs://b/a.mp4", mime_type="video/mp4")),
            types.Part(file_data=types.FileData(file_uri="https://generativelanguage.googleapis.com/v1beta/files/1")),
            types.Part(file_data=types.FileData(file_uri="https://a.example/b.png")),
        ],
        differences={"body.contents[0].parts[3].fileData.mimeType": TYPE_OF_ADDRESS},
    ),
    generate(
        "a tool that must be called",
        "Hi",
        "Hi",
        {
            "tools": [types.Tool(function_declarations=[FUNCTION])],
            "tool_config": types.ToolConfig(
                function_calling_config=types.FunctionCallingConfig(
                    mode=types.FunctionCallingConfigMode.ANY, allowed_function_names=["weather"]
                )
            ),
        },
        options={"tools": [TOOL], "tool_choice": "weather"},
        differences={"body.generationConfig": EMPTY_CONFIG},
    ),
    generate(
        "the vendor's own tool",
        "Hi",
        "Hi",
        {"tools": [types.Tool(google_search=types.GoogleSearch())]},
        options={"tools": [ServerTool({"googleSearch": {}})]},
        differences={"body.generationConfig": EMPTY_CONFIG},
    ),
    generate(
        "a result goes back behind its signed call",
        (*CALL_BACK, ToolMessage("rain", "1")),
        _their_call_back(_their_result({"output": "rain"})),
    ),
    generate(
        "a failed result goes back on vertex",
        (*CALL_BACK, ToolMessage("no", "1", is_error=True)),
        _their_call_back(_their_result({"error": "no"})),
        vertex=True,
    ),
    generate(
        "a result with an image",
        (*CALL_BACK, ToolMessage([TextPart("see"), ImagePart(data=PNG)], "1")),
        _their_call_back(_their_result({"output": "see"}, PNG)),
    ),
    generate(
        "an answer in JSON beside tools",
        "Hi",
        "Hi",
        {
            "tools": [types.Tool(function_declarations=[FUNCTION])],
            "response_mime_type": "application/json",
            "response_json_schema": SCHEMA,
        },
        options={"tools": [TOOL], "response_format": ResponseFormat("json_schema", schema=SCHEMA)},
    ),
    embed("embeddings", ["a", "b"], model="gemini-embedding-001"),
    embed("embeddings on vertex", ["a", "b"], model="gemini-embedding-001", vertex=True),
    embed(
        "an embedding on vertex",
        ["a"],
        model="gemini-embedding-001",
        vertex=True,
        differences={
            place: SINGLE_EMBEDDING
            for prefix in ("body", "body.requests[0]")
            for place in (
                "path",
                f"{prefix}.content.role",
                f"{prefix}.content.parts[0].text",
                f"{prefix}.embedContentConfig.taskType",
                f"{prefix}.embedContentConfig.outputDimensionality",
            )
        },
    ),
    embed("embeddings by prediction on vertex", ["a", "b"], model="text-embedding-005", vertex=True),
    Call(
        "count of tokens",
        lambda client: client.models.count_tokens(model=MODEL, contents="Hi"),
        lambda llm: llm.count_tokens("Hi", exact=True),
        differences={
            "body.contents[0].role": WHOLE_COUNT,
            "body.contents[0].parts[0].text": WHOLE_COUNT,
            "body.generateContentRequest.model": WHOLE_COUNT,
            "body.generateContentRequest.contents[0].role": WHOLE_COUNT,
            "body.generateContentRequest.contents[0].parts[0].text": WHOLE_COUNT,
        },
    ),
    Call(
        "count of tokens on vertex",
        lambda client: client.models.count_tokens(model=MODEL, contents="Hi"),
        lambda llm: llm.count_tokens("Hi", exact=True),
        vertex=True,
    ),
    Call(
        "models",
        lambda client: list(client.models.list()),
        lambda llm: llm.list_models(),
        differences={"query": LARGE_PAGES, "query.pageSize": LARGE_PAGES},
    ),
    Call(
        "models on vertex",
        lambda client: list(client.models.list()),
        lambda llm: llm.list_models(),
        vertex=True,
        differences={"query": LARGE_PAGES, "query.pageSize": LARGE_PAGES},
    ),
)
