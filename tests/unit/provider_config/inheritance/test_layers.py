"""What layers of parameters come to, whatever is in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llms.provider_config.inheritance.layers import PRESET, Layer, resolve_layers
from core.llms.provider_config.inheritance.presets import PRESETS
from core.llms.types.parameters import ALL_PARAMS

NAMES = st.sampled_from(["temperature", "top_p", "max_tokens", "reasoning_effort", "verbosity"])


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    values = draw(st.dictionaries(NAMES, st.integers(0, 3), max_size=3))
    preset = draw(st.none() | st.sampled_from(sorted(PRESETS)))
    names = {*draw(st.sets(NAMES, max_size=3)), *draw(st.sets(st.just(PRESET)))}
    return Layer(values=values, unset=frozenset(names - values.keys() - ({PRESET} if preset else set())), preset=preset)


@given(layers(), layers(), layers())
def test_layers_come_to_the_same_in_whatever_order_they_are_laid_together(a: Layer, b: Layer, c: Layer) -> None:
    assert a.over(b).over(c) == a.over(b.over(c))
    assert a.over(Layer()) == Layer().over(a) == a


@given(layers(), layers())
def test_what_a_layer_says_itself_holds_over_all_that_is_below(own: Layer, below: Layer) -> None:
    both = own.over(below)
    assert both.values.items() >= own.values.items()
    assert both.unset >= own.unset
    for name, value in below.values.items():
        assert both.values.get(name) == (own.values.get(name) if name in {*own.values, *own.unset} else value)
    assert not both.unset & both.values.keys()


@given(st.lists(layers(), max_size=5))
def test_what_is_unset_has_no_value_unless_something_nearer_gives_one(chain: list[Layer]) -> None:
    effective = resolve_layers(chain)
    for name in ("temperature", "top_p", "max_tokens", "reasoning_effort", "verbosity"):
        word = next((layer for layer in chain if name in layer.values or name in layer.unset), None)
        if word is not None:
            assert effective.all.get(name) == word.values.get(name)
        elif name in effective.all:
            assert effective.all[name] == PRESETS[str(effective.preset)].values[name].value


@given(st.lists(layers(), max_size=5))
def test_the_nearest_preset_holds_and_no_other(chain: list[Layer]) -> None:
    word = next((layer for layer in chain if layer.preset is not None or PRESET in layer.unset), Layer())
    assert resolve_layers(chain).preset == word.preset


def test_a_preset_that_this_version_does_not_have_offers_nothing() -> None:
    effective = resolve_layers([Layer(values={"seed": 1}, preset="of-tomorrow")])
    assert (effective.all, effective.preset) == ({"seed": 1}, "of-tomorrow")


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_says_what_it_is_for_and_why_it_has_each_value(name: str) -> None:
    preset = PRESETS[name]
    assert preset.name == name and preset.purpose.endswith(".")
    assert preset.values.keys() <= ALL_PARAMS - {"max_tokens", "top_p"}
    assert all(stated.reason for stated in preset.values.values())
    assert 0 <= preset.plain()["temperature"] <= 1
    with pytest.raises(TypeError):
        preset.values["seed"] = preset.values["temperature"]  # type: ignore[index]
