"""What the detectors read in the lists of models that vendors' real APIs gave."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from core.llms.registry.detection.base.finding import find_detector
from core.llms.registry.detection.base.profiles import build_detected
from core.llms.registry.detection.base.reading import stated
from tests.wires.corpus import load_exchanges, requires_corpus

# Of how many models each list tells a fact; lists that tell nothing but names are not here.
_TOLD: Final = {
    "anthropic/models-1": {"display_name": 10},
    "anthropic/models-reasoning-1": {"supports_vision": 9, "context_window": 9, "reasoning_efforts": 4},
    "google/models-reasoning-1": {"supports_streaming": 4, "supports_reasoning": 3, "context_window": 4},
    "huggingface/models-1": {"supports_vision": 127, "supports_tools": 112, "context_window": 101},
    "llamacpp/models-1": {"context_window": 1},
    "mistral/models-1": {"supports_tools": 66, "supports_vision": 66, "retired": 13, "replacement": 13},
}
_ROOMS: Final = {"llamacpp": "openai_compatible"}


def read_facts(provider: str, body: Any) -> list[tuple[str, dict[str, Any]]]:
    """The facts of each entry of a list, by its id."""
    detector = find_detector(provider)(provider=provider)
    entries = body.get("data") or body.get("models")
    return [(entry.get("id") or entry["name"], stated(detector.read_entry(entry))) for entry in entries]


@requires_corpus
def test_recorded_lists_tell_what_they_told() -> None:
    lists = {exchange.name: exchange for exchange in load_exchanges() if exchange.name in _TOLD}
    assert lists.keys() == _TOLD.keys()
    for name, told in _TOLD.items():
        provider = _ROOMS.get(lists[name].provider, lists[name].provider)
        facts = read_facts(provider, lists[name].body)
        counted = Counter(fact for _, found in facts for fact in found)
        assert {fact: counted[fact] for fact in told} == told, name
        # None of them is refused by a profile.
        assert all(build_detected(provider, id, None, found).profile for id, found in facts)
