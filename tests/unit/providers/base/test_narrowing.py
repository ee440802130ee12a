from __future__ import annotations

import pytest

from core.llms.errors import UnsupportedParameterError
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.providers.base.narrowing import refuse_params

NAMES = frozenset({"temperature", "top_p"})


class KnownMetadata(BaseMetadata):
    NAME = "example-a"
    PROVIDER = "example"
    SUPPORTED_PARAMS = frozenset({"temperature", "max_tokens"})
    MAX_TOKENS = 10


class UnknownMetadata(BaseMetadata):
    NAME = "example-b"


def test_narrowed_metadata_refuses_the_names_with_the_reason() -> None:
    narrowed = refuse_params(KnownMetadata, NAMES, "is gone: leave it out")
    with pytest.raises(UnsupportedParameterError, match="`temperature` is gone: leave it out"):
        narrowed.validate_params({"temperature": 1})
    assert {"max_tokens"} == narrowed.SUPPORTED_PARAMS


def test_narrowed_metadata_keeps_every_other_fact_and_check() -> None:
    narrowed = refuse_params(KnownMetadata, NAMES, "is gone")
    assert issubclass(narrowed, KnownMetadata)
    assert (narrowed.NAME, narrowed.MODEL_ID, narrowed.MAX_TOKENS) == ("example-a", "example-a", 10)
    assert narrowed.validate_params({"max_tokens": 5}) == {"max_tokens": 5}
    assert "at most 10" in (narrowed.refusal_of("max_tokens", 11, {}) or "")


def test_unknown_metadata_refuses_the_names_and_takes_the_rest() -> None:
    narrowed = refuse_params(UnknownMetadata, NAMES, "is gone")
    assert narrowed.SUPPORTED_PARAMS is None
    assert narrowed.refusal_of("top_p", 1, {}) == "`top_p` is gone"
    assert narrowed.validate_params({"top_k": 1}) == {"top_k": 1}


def test_metadata_that_takes_none_of_the_names_is_left_as_it_is() -> None:
    assert refuse_params(KnownMetadata, frozenset({"seed"}), "is gone") is KnownMetadata


def test_narrowed_class_is_made_once_for_the_same_arguments() -> None:
    assert refuse_params(KnownMetadata, NAMES, "x") is refuse_params(KnownMetadata, NAMES, "x")
    assert refuse_params(KnownMetadata, NAMES, "y") is not refuse_params(KnownMetadata, NAMES, "x")
    assert KnownMetadata.refusal_of("temperature", 1, {}) is None
