"""What an alias of a file says of those that stand in for it and of its limits, and handlers that hold to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.llms import (
    AliasDefinition,
    AllTargetsFailedError,
    AsyncModelHandler,
    ConfigRegistry,
    ConfigurationError,
    LimitReachedError,
    LLMContext,
    LLMResponse,
    ModelHandler,
    NotFoundError,
    RateLimiter,
    define_config,
    load_configs,
)
from core.llms.simulator import Fault, Simulator

TOML = """\
[models.fast]
provider = "openai"
model = "gpt-4.1-mini"
parameters = { max_tokens = 50 }
fallback = ["second", "third"]

[models.second]
provider = "anthropic"
model = "claude-haiku-4-5"
parameters = { max_tokens = 50 }
fallback = ["third"]

[models.third]
provider = "google"
model = "gemini-2.5-flash"
parameters = { max_tokens = 50 }
"""
YAML = """\
models:
  fast:
    provider: openai
    model: gpt-4.1-mini
    parameters: {max_tokens: 50}
    fallback: [second, third]
  second:
    provider: anthropic
    model: claude-haiku-4-5
    parameters: {max_tokens: 50}
    fallback:
      - third
  third:
    provider: google
    model: gemini-2.5-flash
    parameters: {max_tokens: 50}
"""
LIMITED = TOML.replace("[models.second]", "[models.fast.limits]\nrequests_per_minute = 1\n\n[models.second]")
ALONE = LIMITED.replace('fallback = ["second", "third"]\n', "")


def read(folder: Path, text: str, registry: ConfigRegistry | None = None) -> ConfigRegistry:
    """Load a file that says so; into a registry that is given, anew."""
    path = folder / ("models.yaml" if text.startswith("models:") else "models.toml")
    path.write_text(text, encoding="utf-8")
    into = ConfigRegistry() if registry is None else registry
    load_configs(path, registry=into, replace=True)
    return into


async def ask(handler: AsyncModelHandler, alias: str, said: str = "hi") -> LLMResponse:
    # No limit of a minute lets a second call pass in ten seconds: it is refused at once.
    return await handler.get_full_response(alias, f"Say: {said}", LLMContext(timeout_seconds=10))


def asked(simulator: Simulator) -> list[str]:
    """Return the providers that were asked, as the paths tell them."""
    providers = {"completions": "openai", "messages": "anthropic"}
    return [providers.get(request.path.rpartition("/")[2], "google") for request in simulator.requests]


@pytest.mark.parametrize("text", [TOML, YAML], ids=["toml", "yaml"])
@pytest.mark.parametrize("fault", [Fault(status=429, retry_after="600"), Fault(status=500)], ids=["429", "500"])
async def test_the_aliases_that_a_file_names_stand_in(
    text: str, fault: Fault, tmp_path: Path, llm_simulator: Simulator
) -> None:
    llm_simulator.script(fault, Fault(status=529))
    async with AsyncModelHandler(read(tmp_path, text)) as handler:
        response = await ask(handler, "fast")
    assert (response.text, asked(llm_simulator)) == ("hi", ["openai", "anthropic", "google"])
    assert [attempt.alias for attempt in response.attempts] == ["fast", "second", "third"]


MUTUAL = TOML.replace('["second", "third"]', '["second"]').replace('["third"]', '["fast"]')


@pytest.mark.parametrize(
    ("alias", "order"), [("fast", ["openai", "anthropic"]), ("second", ["anthropic", "openai"])], ids=["fast", "second"]
)
async def test_two_aliases_that_stand_in_for_each_other_answer_through_each_other_and_end_where_both_fail(
    alias: str, order: list[str], tmp_path: Path, llm_simulator: Simulator
) -> None:
    async with AsyncModelHandler(read(tmp_path, MUTUAL)) as handler:
        llm_simulator.script(Fault(status=529))
        assert (await ask(handler, alias)).provider == order[1]
        llm_simulator.script(Fault(status=404, repeat=4))
        with pytest.raises(AllTargetsFailedError) as caught:
            await ask(handler, alias)
    assert asked(llm_simulator) == [*order, *order]
    assert [(error.provider, type(error)) for error in caught.value.errors] == [(each, NotFoundError) for each in order]


async def test_the_list_of_the_alias_that_is_asked_for_is_what_holds(tmp_path: Path, llm_simulator: Simulator) -> None:
    text = TOML.replace('fallback = ["second", "third"]', 'fallback = ["second"]')
    llm_simulator.script(Fault(status=404), Fault(status=404))
    async with AsyncModelHandler(read(tmp_path, text)) as handler:
        with pytest.raises(AllTargetsFailedError):
            await ask(handler, "fast")
    assert asked(llm_simulator) == ["openai", "anthropic"]


@pytest.mark.parametrize(
    ("others", "expected"), [(["third"], ["openai", "google"]), ([], ["openai"])], ids=["another", "nobody"]
)
async def test_the_argument_of_a_handler_goes_before_the_file(
    others: list[str], expected: list[str], tmp_path: Path, llm_simulator: Simulator
) -> None:
    llm_simulator.script(Fault(status=404))
    async with AsyncModelHandler(read(tmp_path, TOML), fallback={"fast": others}) as handler:
        if others:
            await ask(handler, "fast")
        else:
            with pytest.raises(NotFoundError):
                await ask(handler, "fast")
    assert asked(llm_simulator) == expected


async def test_a_limit_of_a_file_holds_for_its_alias_alone(tmp_path: Path, llm_simulator: Simulator) -> None:
    async with AsyncModelHandler(read(tmp_path, ALONE)) as handler:
        await ask(handler, "fast")
        with pytest.raises(LimitReachedError) as caught:
            await ask(handler, "fast")
        for _ in range(3):
            await ask(handler, "second")
    assert 50 < (caught.value.retry_after_seconds or 0) <= 60
    assert asked(llm_simulator) == ["openai", "anthropic", "anthropic", "anthropic"]


async def test_a_call_above_an_alias_s_limit_goes_to_the_one_that_stands_in(
    tmp_path: Path, llm_simulator: Simulator
) -> None:
    async with AsyncModelHandler(read(tmp_path, LIMITED)) as handler:
        answered = [(await ask(handler, "fast")).provider for _ in range(4)]
    assert answered == asked(llm_simulator) == ["openai", "anthropic", "anthropic", "anthropic"]


async def test_an_alias_s_limit_counts_the_calls_in_which_it_stands_in(
    tmp_path: Path, llm_simulator: Simulator
) -> None:
    text = TOML.replace("[models.third]", "[models.second.limits]\nrequests_per_minute = 1\n\n[models.third]")
    async with AsyncModelHandler(read(tmp_path, text)) as handler:
        await ask(handler, "second")
        llm_simulator.script(Fault(status=503))
        response = await ask(handler, "fast")
    assert (response.provider, asked(llm_simulator)) == ("google", ["anthropic", "openai", "google"])


@pytest.mark.parametrize(
    ("of_file", "of_handler", "passed"), [(3, 1, 1), (1, 3, 1), (2, 3, 2)], ids=["handler's", "file's", "file's two"]
)
async def test_the_tighter_one_of_two_limits_wins(
    of_file: int, of_handler: int, passed: int, tmp_path: Path, llm_simulator: Simulator
) -> None:
    registry = read(tmp_path, ALONE.replace("minute = 1", f"minute = {of_file}"))
    async with AsyncModelHandler(registry, limits=RateLimiter(requests_per_minute=of_handler)) as handler:
        for _ in range(passed):
            await ask(handler, "fast")
        with pytest.raises(LimitReachedError):
            await ask(handler, "fast")
    assert len(llm_simulator.requests) == passed


def test_a_blocking_handler_and_streams_hold_to_a_file_too(tmp_path: Path, llm_simulator: Simulator) -> None:
    ctx = LLMContext(timeout_seconds=10)
    with ModelHandler(read(tmp_path, LIMITED)) as handler:
        for _ in range(2):
            with handler.stream_response("fast", "Say: hi", ctx) as stream:
                assert "".join(stream.text_deltas()) == "hi"
    assert asked(llm_simulator) == ["openai", "anthropic"]


async def test_a_file_that_is_loaded_again_changes_who_stands_in(tmp_path: Path, llm_simulator: Simulator) -> None:
    registry = read(tmp_path, TOML)
    async with AsyncModelHandler(registry) as handler:
        for text in (TOML, TOML.replace('["second", "third"]', '["third"]')):
            read(tmp_path, text, registry)
            llm_simulator.script(Fault(status=503))
            await ask(handler, "fast")
    assert asked(llm_simulator) == ["openai", "anthropic", "openai", "google"]


async def test_a_file_that_is_loaded_again_changes_limits_and_what_did_not_change_goes_on(
    tmp_path: Path, llm_simulator: Simulator
) -> None:
    registry = read(tmp_path, ALONE)
    async with AsyncModelHandler(registry) as handler:
        await ask(handler, "fast")
        # Another description or parameter leaves the limiter as it was, with what was taken of it.
        read(tmp_path, ALONE.replace("max_tokens = 50", "max_tokens = 60"), registry)
        with pytest.raises(LimitReachedError):
            await ask(handler, "fast")
        read(tmp_path, ALONE.replace("minute = 1", "minute = 2"), registry)
        await ask(handler, "fast")
        await ask(handler, "fast")
        with pytest.raises(LimitReachedError):
            await ask(handler, "fast")
        read(tmp_path, TOML, registry)
        await ask(handler, "fast")
    assert asked(llm_simulator) == ["openai"] * 4


async def test_an_alias_of_a_source_may_say_it_as_well(llm_simulator: Simulator) -> None:
    class Source:
        def __init__(self) -> None:
            self.facts: dict[str, dict[str, Any]] = {"fast": {"fallback": ["second"]}, "second": {}}

        async def find_config(self, alias: str) -> Any:
            if alias not in self.facts:
                return None
            model = "gpt-4.1-mini" if alias == "fast" else "gpt-6-luna"
            return define_config(AliasDefinition(alias=alias, provider="openai", model=model, **self.facts[alias]))

        async def list_aliases(self) -> list[str]:
            return list(self.facts)

    source, registry = Source(), ConfigRegistry()
    registry.add_source(source)
    async with AsyncModelHandler(registry) as handler:
        llm_simulator.script(Fault(status=404))
        assert (await ask(handler, "fast")).attempts[-1].alias == "second"
        source.facts["fast"] = {"fallback": ["secnd"]}
        with pytest.raises(ConfigurationError, match=r"`fallback` of 'fast': .*'secnd'; did you mean 'second'"):
            await ask(handler, "fast")


async def test_an_alias_that_is_not_known_is_told_at_the_first_call(tmp_path: Path, llm_simulator: Simulator) -> None:
    registry = read(tmp_path, TOML.replace('"second", "third"', '"secnd"'))
    async with AsyncModelHandler(registry) as handler:
        with pytest.raises(ConfigurationError, match=r"`fallback` of 'fast': .*'secnd'; did you mean 'second'"):
            await ask(handler, "fast")
        assert (await ask(handler, "second")).text == "hi"
    assert asked(llm_simulator) == ["anthropic"]


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"fallback": ["a"]}, "'a': `fallback` 'a' cannot stand in for itself"),
        ({"fallback": "b"}, "'a': `fallback` must be a list"),
        ({"limits": {"requests_a_minute": 1}}, "'a': `limits.requests_a_minute`: unknown field"),
        ({"settings": {"api_key": "sk-canary"}}, "'a': `settings.api_key`: keys are kept in no configuration"),
        ({"limits": {"tokens_per_day": -5}}, "'a': `limits.tokens_per_day`: a limit is a whole number above 0"),
    ],
)
def test_a_definition_that_cannot_be_is_refused(facts: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        AliasDefinition(alias="a", provider="openai", model="gpt-4.1-mini", **facts)
    assert named in str(caught.value)
    assert "canary" not in str(caught.value)


async def test_the_vendor_s_own_fields_of_an_alias_go_to_its_own_vendor_alone(
    tmp_path: Path, llm_simulator: Simulator
) -> None:
    ours = "parameters = { max_tokens = 50, provider_options = { %s } }"
    text = TOML.replace("parameters = { max_tokens = 50 }", ours % 'user = "u1"', 1)
    text = text.replace("parameters = { max_tokens = 50 }", ours % 'metadata = { user_id = "u2" }', 1)
    llm_simulator.script(Fault(status=503))
    async with AsyncModelHandler(read(tmp_path, text)) as handler:
        assert (await ask(handler, "fast")).provider == "anthropic"
    first, second = (request.body for request in llm_simulator.requests)
    assert (first["user"], "metadata" in first) == ("u1", False)
    assert (second["metadata"], "user" in second) == ({"user_id": "u2"}, False)
