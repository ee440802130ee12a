"""Every recorded exchange of a provider that is here is held by a test, or listed with the reason why it is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from core.llms.create import list_providers
from tests.wires.corpus import Exchange, load_exchanges, requires_corpus

NOT_HELD_BY_API: Final = {
    "completions": "completions of a text, which came before chats and are not spoken",
    "complete_legacy": "completions of a text, which came before Messages and are not spoken",
    "chat_v1": "the first version of Cohere's chat, which the second replaced",
    "ollama_generate": "completions of a text; chats are spoken at `/api/chat`",
    "interactions": "Google's Interactions API, which is not spoken: `generateContent` is",
    "moderations": "another operation: texts are judged, none is answered",
    "rerank": "another operation: texts are put in order, none is answered",
}
_FORM_OF_ITS_OWN: Final = "InvokeModel in a form of this old model's own, of whose streams the frames alone are read"
NOT_HELD_BY_NAME: Final = {
    "bedrock/invoke-model-plain-2": _FORM_OF_ITS_OWN,
    "bedrock/invoke-model-plain-3": _FORM_OF_ITS_OWN,
    "bedrock/invoke-model-plain-4": _FORM_OF_ITS_OWN,
    "bedrock/invoke-model-plain-8": _FORM_OF_ITS_OWN,
    "bedrock/invoke-model-plain-9": _FORM_OF_ITS_OWN,
    "bedrock/invoke-model-stream-plain-1": _FORM_OF_ITS_OWN,
    "bedrock/invoke-model-stream-plain-2": _FORM_OF_ITS_OWN,
    "bedrock/invoke-model-stream-plain-3": _FORM_OF_ITS_OWN,
    "bedrock/invoke-model-stream-plain-4": _FORM_OF_ITS_OWN,
    "bedrock/invoke-model-stream-plain-7": _FORM_OF_ITS_OWN,
    "openai/embeddings-3": "a bill of the organisation's embeddings, filed beside them",
    "openai/models-2": "one model's card, filed beside the lists",
}
# Servers and gateways that one room serves, and the names under which Google's and Amazon's other hosts are filed.
ELSEWHERE: Final = frozenset(
    {
        "avian", "bedrock_mantle", "cloudflare", "crusoe", "databricks", "github", "gpustack", "heroku", "llamacpp",
        "mistralrs", "snowflake", "venice", "vercel", "vertexai", "voyage", "zai",
    }
)  # fmt: skip
# Tests that look at one side of an exchange and do not read what it says.
BESIDES: Final = ("framing_is", "input_tokens_are_counted", "is_written_as_its_client_did", "goes_back", "cost")
FOLDER: Final = Path(__file__).parent


def walk_cases() -> Iterator[tuple[str, str]]:
    """Go over every test that takes recorded exchanges, and give its name with each exchange's."""
    for path in sorted(FOLDER.glob("test_corpus_*.py")):
        module = import_module(f"tests.wires.{path.stem}")
        tests = [value for name, value in vars(module).items() if name.startswith("test_")]
        for test in tests:
            for exchange in exchanges_of(test):
                yield test.__name__, exchange.name


def exchanges_of(test: Any) -> Iterator[Exchange]:
    for mark in getattr(test, "pytestmark", ()):
        for values in mark.args[1] if mark.name == "parametrize" else ():
            yield from (value for value in getattr(values, "values", ()) if isinstance(value, Exchange))


def find_tests() -> dict[str, set[str]]:
    """Find the tests that read each exchange."""
    found: dict[str, set[str]] = defaultdict(set)
    for test, exchange in walk_cases():
        if not any(word in test for word in BESIDES):
            found[exchange].add(test)
    return found


def find_recorded() -> list[Exchange]:
    """Load the exchanges of the providers that are here, by their own name or another's room."""
    here = {*list_providers(), *ELSEWHERE}
    return [exchange for exchange in load_exchanges() if exchange.provider in here]


def reason_for(exchange: Exchange) -> str | None:
    """Say why an exchange is not held; an error is read whatever was asked for."""
    by_api = NOT_HELD_BY_API.get(exchange.api) if exchange.status == 200 else None
    return NOT_HELD_BY_NAME.get(exchange.name, by_api)


@requires_corpus
def test_every_recorded_exchange_is_held_or_listed_with_its_reason() -> None:
    tests = find_tests()
    recorded = find_recorded()
    assert [exchange.name for exchange in recorded if exchange.name not in tests and not reason_for(exchange)] == []
    assert [exchange.name for exchange in recorded if exchange.name in tests and reason_for(exchange)] == []
    assert {exchange.api for exchange in recorded} >= set(NOT_HELD_BY_API)
    assert {exchange.name for exchange in recorded} >= set(NOT_HELD_BY_NAME)


@requires_corpus
def test_every_recorded_stream_is_cut_at_any_byte() -> None:
    streams = [e for e in find_recorded() if e.status == 200 and e.is_stream and not reason_for(e)]
    tests = find_tests()
    assert len(streams) > 150
    assert [e.name for e in streams if not any("byte" in test for test in tests[e.name])] == []


@requires_corpus
def test_every_recorded_error_is_read_as_one() -> None:
    errors = [exchange for exchange in find_recorded() if exchange.status != 200]
    tests = find_tests()
    assert len(errors) > 50
    assert [e.name for e in errors if not any("error" in test for test in tests[e.name])] == []
