"""The semantic cache: near enough in meaning and equal in all else is a hit, and says how near; all else is none."""

from __future__ import annotations

from array import array
from decimal import Decimal
from math import cos, pi, sin
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llms import (
    CacheControl,
    CacheMissError,
    CachePolicy,
    ConfigurationError,
    EmbeddingResponse,
    ImagePart,
    LLMContext,
    MemoryCacheStore,
    SemanticCache,
    ServerError,
    StreamFinished,
    TextPart,
    Usage,
    UserMessage,
)
from core.llms.runtime.caching.vector_index import VectorIndex, normalise
from tests.support.chat_bytes import completion
from tests.unit.runtime.caching.serving import cached_llm

# Where each question points, in degrees of one circle.
DEGREES = {"How old is Rome?": 0, "What is Rome's age?": 10, "How old is Oslo?": 60, "Also Rome's age?": 5}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(8) + (1).to_bytes(4, "big") * 2


async def embed(text: str) -> list[float]:
    angle = DEGREES.get(text, 180) * pi / 180
    return [3 * cos(angle), 3 * sin(angle)]


def semantic(threshold: float = 0.95, **options: Any) -> SemanticCache:
    return SemanticCache(embed, threshold, **options)


def user(*parts: Any) -> UserMessage:
    return UserMessage(tuple(parts))


async def test_similar_question_is_answered_and_says_how_similar() -> None:
    async with cached_llm(semantic()) as (llm, served, cache):
        ctx = LLMContext()
        first = await llm.get_answer("How old is Rome?", ctx)
        second = await llm.get_answer("What is Rome's age?", ctx)
        other = await llm.get_answer("How old is Oslo?", ctx)
        same = await llm.get_answer("How old is Rome?", ctx)
    assert [first.text, second.text, other.text] == ["Answer 1", "Answer 1", "Answer 2"]
    assert second.cache is not None
    assert second.cache.similarity == pytest.approx(cos(10 * pi / 180))
    assert (second.cost, second.cost_saved, second.attempts) == (Decimal(0), first.cost, ())
    assert same.cache is not None
    assert same.cache.similarity == pytest.approx(1)
    assert (len(served.bodies), cache.statistics.hits, cache.statistics.misses) == (2, 2, 2)
    assert (ctx.ledger.saved_cost, ctx.ledger.cache_hit_count) == (cache.statistics.saved_cost, 2)


@pytest.mark.parametrize(("threshold", "cached"), [(0.98, True), (0.99, False), (1, False)])
async def test_threshold_decides(threshold: float, cached: bool) -> None:
    async with cached_llm(semantic(threshold)) as (llm, _, _):
        await llm.get_answer("How old is Rome?")
        assert (await llm.get_answer("What is Rome's age?")).cached is cached
        assert (await llm.get_answer("How old is Rome?")).cached


async def test_nearest_of_several_is_taken() -> None:
    async with cached_llm(semantic(0.99)) as (llm, _, _):
        await llm.get_answer("How old is Rome?")
        await llm.get_answer("What is Rome's age?")
        await llm.get_answer("How old is Oslo?")
        hit = await llm.get_answer("Also Rome's age?", LLMContext(cache=CacheControl("only")))
        assert hit.text in ("Answer 1", "Answer 2")
        assert (await llm.get_answer("What is Rome's age?")).text == "Answer 2"


CONTEXTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "a system prompt": (
        [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What is Rome's age?"}],
        {},
    ),
    "an earlier turn": (
        [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello"},
            {"role": "user", "content": "What is Rome's age?"},
        ],
        {},
    ),
    "a parameter": ("What is Rome's age?", {"temperature": 0}),
    "a name": ([{"role": "user", "content": "What is Rome's age?", "name": "ada"}], {}),
}


@pytest.mark.parametrize("name", CONTEXTS)
async def test_all_else_has_to_be_equal(name: str) -> None:
    messages, options = CONTEXTS[name]
    async with cached_llm(semantic()) as (llm, served, _):
        await llm.get_answer("How old is Rome?")
        assert not (await llm.get_answer(messages, **options)).cached
        assert (await llm.get_answer(messages, **options)).cached
    assert len(served.bodies) == 2


def weather(city: str) -> str:
    """Tell the weather."""
    return city


async def test_media_and_tools_pass_by_unless_told() -> None:
    picture = user(TextPart("How old is Rome?"), ImagePart(data=PNG))
    similar = user(TextPart("What is Rome's age?"), ImagePart(data=PNG))
    another = user(TextPart("What is Rome's age?"), ImagePart(data=PNG + b"x"))
    async with cached_llm(semantic()) as (llm, served, cache):
        for _ in range(2):
            await llm.get_answer(picture)
            await llm.get_answer("How old is Rome?", tools=[weather])
        assert (len(served.bodies), cache.statistics.bypassed) == (4, 4)
    async with cached_llm(semantic(media=True, tools=True)) as (llm, served, _):
        await llm.get_answer(picture)
        await llm.get_answer("How old is Rome?", tools=[weather])
        assert (await llm.get_answer(similar)).cached
        assert not (await llm.get_answer(another)).cached
        assert (await llm.get_answer("What is Rome's age?", tools=[weather])).cached
        assert len(served.bodies) == 3


async def test_streams_are_kept_and_replayed() -> None:
    async with cached_llm(semantic()) as (llm, served, _):
        async with llm.stream_answer("How old is Rome?") as left:
            await anext(left)
        assert (await llm.stream_answer("How old is Rome?").get_response()).text == "Streamed 2"
        events = [event async for event in llm.stream_answer("What is Rome's age?")]
    last = events[-1]
    assert isinstance(last, StreamFinished)
    assert (last.response.text, last.response.cached, len(served.bodies)) == ("Streamed 2", True, 2)


async def test_cost_of_the_embedding_is_the_calls_and_in_the_ledger() -> None:
    async with (
        cached_llm(model="text-embedding-3-small") as (embedder, _, _),
        cached_llm(SemanticCache(embedder)) as (llm, served, _),
    ):
        ctx = LLMContext(budget_usd="1")
        first = await llm.get_answer("How old is Rome?", ctx, max_tokens=5)
        second = await llm.get_answer("How old is Rome?", ctx, max_tokens=5)
    assert first.cost is not None
    assert (second.cached, second.cost, second.cost_saved) == (True, Decimal(0), first.cost)
    embedded = Decimal("6E-8")
    assert ctx.ledger.cost == first.cost + embedded
    assert ctx.budget is not None
    assert ctx.budget.spent == ctx.ledger.cost
    assert [attempt.model for attempt in ctx.ledger] == ["text-embedding-3-small", "gpt-4.1-mini"]
    assert len(served.bodies) == 1


async def test_hit_costs_what_its_embedding_does() -> None:
    async with (
        cached_llm(model="text-embedding-3-small", middleware=()) as (embedder, _, _),
        cached_llm(SemanticCache(embedder)) as (llm, _, cache),
    ):
        first = await llm.get_answer("How old is Rome?")
        hit = await llm.get_answer("How old is Rome?")
    assert (hit.cost, hit.cost_saved) == (Decimal("6E-8"), first.cost)
    assert cache.statistics.saved_cost == first.cost


class Unpriced:
    """Embeds at a price that nobody knows."""

    async def embed(self, texts: str, ctx: LLMContext | None = None) -> EmbeddingResponse:
        return EmbeddingResponse((tuple(await embed(texts)),), Usage(3), cost=None, cost_unknown_reason="no price")


async def test_hit_costs_nobody_knows_what_where_its_embedding_does() -> None:
    async with cached_llm(SemanticCache(Unpriced())) as (llm, _, _):
        await llm.get_answer("How old is Rome?")
        hit = await llm.get_answer("How old is Rome?")
    assert (hit.cached, hit.cost) == (True, None)
    assert hit.cost_unknown_reason == "what the embedding of the question cost is not known"


async def test_without_a_vector_the_call_goes_out(caplog: pytest.LogCaptureFixture) -> None:
    async def fail(text: str) -> list[float]:
        raise RuntimeError("canary")

    for broken in (fail, _embed_nothing):
        async with cached_llm(SemanticCache(broken)) as (llm, _, cache):
            assert (await llm.get_answer("How old is Rome?")).text == "Answer 1"
        assert (cache.statistics.errors, cache.statistics.bypassed) == (1, 1)
    lines = [record.getMessage() for record in caplog.records if record.name == "core.llms.cache"]
    assert lines == [
        "a question has no vector or no key, and goes out: RuntimeError",
        "a question has no vector or no key, and goes out: ValueError",
    ]


async def _embed_nothing(text: str) -> list[float]:
    return [0.0, 0.0]


async def test_controls_policy_and_errors_are_those_of_the_other_cache() -> None:
    async with cached_llm(semantic()) as (llm, served, cache):

        async def ask(mode: Any) -> str:
            return (await llm.get_answer("How old is Rome?", LLMContext(cache=CacheControl(mode)))).text

        with pytest.raises(CacheMissError, match="the cache has no answer"):
            await ask("only")
        assert [await ask("bypass"), await ask("use"), await ask("refresh")] == ["Answer 1", "Answer 2", "Answer 3"]
        assert [await ask("only"), await ask("use")] == ["Answer 3", "Answer 3"]
        served.status = "500 X"
        with pytest.raises(ServerError):
            await llm.get_answer("How old is Oslo?")
        served.status = "200 OK"
        cut = {"index": 0, "message": {"role": "assistant", "content": "Cut"}, "finish_reason": "length"}
        served.answer = lambda number: completion(choices=[cut])
        assert not (await llm.get_answer("How old is Oslo?")).cached
        assert not (await llm.get_answer("How old is Oslo?")).cached
    assert cache.statistics.stores == 2
    async with cached_llm(semantic(policy=CachePolicy(sampled=False))) as (llm, served, cache):
        await llm.get_answer("How old is Rome?")
    assert cache.statistics.bypassed == 1


async def test_answer_that_the_store_lost_is_asked_for_anew() -> None:
    store = MemoryCacheStore()
    async with cached_llm(semantic(store=store)) as (llm, _, _):
        await llm.get_answer("How old is Rome?")
        await store.clear()
        assert (await llm.get_answer("What is Rome's age?")).text == "Answer 2"
        assert (await llm.get_answer("How old is Rome?")).text == "Answer 2"


async def test_namespace_keeps_tenants_apart() -> None:
    async with cached_llm(semantic(namespace=lambda ctx: ctx.user_id or "")) as (llm, _, _):
        cached = [(await llm.get_answer("How old is Rome?", LLMContext(user_id=user))).cached for user in "aba"]
    assert cached == [False, False, True]


@pytest.mark.parametrize(
    ("options", "match"),
    [({"threshold": 0}, "threshold"), ({"threshold": 1.1}, "threshold"), ({"max_entries": 0}, "max_entries")],
)
def test_settings_are_checked(options: dict[str, Any], match: str) -> None:
    with pytest.raises(ConfigurationError, match=match):
        SemanticCache(embed, **options)


def test_index_is_bounded_and_forgets_by_time() -> None:
    now = 0.0
    index = VectorIndex(2, clock=lambda: now)
    east, north = normalise([1, 0]), normalise([0, 5])
    index.add("c", "east", east, 10)
    index.add("c", "north", north, None)
    assert index.nearest("c", east) == ("east", 1.0)
    index.add("d", "other", east, None)
    assert (len(index), index.nearest("c", north), index.nearest("d", east)) == (2, ("east", 0.0), ("other", 1.0))
    now = 10.0
    assert (index.nearest("c", east), len(index)) == (None, 1)
    assert index.nearest("d", normalise([1, 0, 0])) is None
    index.remove("other")
    index.remove("never there")
    assert (len(index), index.nearest("d", east)) == (0, None)


@given(st.lists(st.floats(-1e6, 1e6).filter(lambda value: abs(value) > 1e-3), min_size=1, max_size=8))
def test_direction_has_length_one(vector: list[float]) -> None:
    direction = normalise(vector)
    assert sum(value * value for value in direction) == pytest.approx(1)
    assert direction == pytest.approx(array("d", normalise([7 * value for value in vector])))


@pytest.mark.parametrize("vector", [[], [0.0], [float("nan")], [float("inf"), 1.0]])
def test_what_has_no_direction_is_refused(vector: list[float]) -> None:
    with pytest.raises(ValueError, match="finite numbers"):
        normalise(vector)
