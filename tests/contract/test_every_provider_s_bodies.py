"""Every provider's requests are compared with those of an SDK, and enough of them."""

from __future__ import annotations

from collections import Counter

import pytest

from core.llms.create import list_providers
from tests.contract.anthropic_calls import CALLS as ANTHROPIC_CALLS
from tests.contract.calls import Place
from tests.contract.google_calls import CALLS as GOOGLE_CALLS
from tests.contract.provider_rows import load_row
from tests.contract.test_bedrock_bodies import CALLS as BEDROCK_CALLS
from tests.contract.test_cohere_request_bodies import CALLS as COHERE_CALLS
from tests.contract.test_compatible_bodies import CALLS as COMPATIBLE_CALLS
from tests.contract.test_ollama_request_bodies import CALLS as OLLAMA_CALLS
from tests.contract.test_request_bodies import CALLS as OPENAI_CALLS
from tests.contract.test_watsonx_request_bodies import CALLS as WATSONX_CALLS

ENOUGH = 8
OF_OPENAI = (Place.OPENAI, Place.OPENAI_ORGANISATION)
COMPARED = Counter(
    {
        "anthropic": len(ANTHROPIC_CALLS),
        "azure": len([call for call in OPENAI_CALLS if call.place not in OF_OPENAI]),
        "bedrock": len(BEDROCK_CALLS),
        "cohere": len(COHERE_CALLS),
        "google": len(GOOGLE_CALLS),
        "ollama": len(OLLAMA_CALLS),
        "openai": len([call for call in OPENAI_CALLS if call.place in OF_OPENAI]),
        "watsonx": len(WATSONX_CALLS),
    }
) + Counter(call.vendor.name for call in COMPATIBLE_CALLS)


@pytest.mark.parametrize("provider", list_providers())
def test_provider_s_requests_are_compared_with_an_sdk_s(provider: str) -> None:
    assert COMPARED[provider] >= ENOUGH or (COMPARED[provider] == 0 and load_row(provider).without_sdk)
