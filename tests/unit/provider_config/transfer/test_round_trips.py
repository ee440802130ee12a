"""Any document at all: written and read again, imported and exported again, it is the same."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from core.llms.provider_config.models import LLMParameters, PromptTemplate, ProviderModelConfig
from core.llms.provider_config.service import ProviderConfigService
from core.llms.provider_config.transfer.reading import parse_document, read_document
from core.llms.provider_config.transfer.writing import render_json, render_yaml
from core.llms.storage.database import Database

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
NAMES = TEXTS.filter(bool)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=5,
)


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


PARAMETERS = optional(
    description=TEXTS, temperature=st.floats(0, 2), top_k=st.integers(0, 2**31 - 1), seed=st.integers(-5, 5),
    stop_sequences=st.lists(NAMES, min_size=1, max_size=3), workspace=NAMES,
    extra_parameters=st.fixed_dictionaries({"metadata": st.dictionaries(NAMES, TEXTS, max_size=3)}),
)  # fmt: skip
TEMPLATES = optional(description=TEXTS, provider=NAMES, system_prompt=TEXTS, query_prefix=TEXTS, organisation=NAMES)

CONFIGURATIONS = optional(description=TEXTS, settings=st.dictionaries(NAMES, JSON, max_size=3), organisation=NAMES)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    parameters = draw(st.dictionaries(NAMES, PARAMETERS, min_size=1, max_size=3))
    templates = draw(st.dictionaries(NAMES, TEMPLATES, max_size=2))
    configurations: dict[str, Any] = {}
    for index, name in enumerate(draw(st.lists(NAMES, max_size=3, unique=True))):
        entry: dict[str, Any] = draw(
            optional(description=TEXTS, settings=st.dictionaries(NAMES, JSON, max_size=3), organisation=NAMES)
        )
        entry["is_active"] = draw(st.booleans())
        entry["parameters"] = draw(st.sampled_from(sorted(parameters)))
        is_templated = draw(st.booleans())
        if templates and is_templated:
            entry["prompt_template"] = draw(st.sampled_from(sorted(templates)))
        if draw(st.booleans()):
            entry["alias"] = f"{draw(NAMES)}{index}"
        configurations[f"openai_compatible/{name}"] = entry
    sections = {"parameters": parameters, "prompt_templates": templates, "configurations": configurations}
    return {"core_llms_providers": 1, **sections}


@settings(max_examples=100)
@given(documents())
def test_any_document_is_the_same_after_it_was_written_and_read(content: dict[str, Any]) -> None:
    document = parse_document(content)
    for text, name in ((render_yaml(document), "t.yaml"), (render_json(document), "t.json")):
        again = read_document(text.encode(), name)
        assert again.content() == document.content()
        assert (render_yaml if name == "t.yaml" else render_json)(again) == text


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents())
def test_any_document_imported_into_an_empty_database_is_exported_equal(
    database_url: str, content: dict[str, Any]
) -> None:
    wanted = parse_document(content)

    async def act() -> None:
        async with Database(database_url, upgrade=True) as database:
            async with database.transaction() as session:
                for table in (ProviderModelConfig, LLMParameters, PromptTemplate):
                    await session.execute(delete(table))
            service = ProviderConfigService(database)
            await service.transfer.import_(wanted)
            exported = await service.transfer.export()
            assert render_yaml(exported) == render_yaml(wanted)
            again = await service.transfer.import_(read_document(render_yaml(exported).encode(), "t.yaml"))
            assert {item.outcome for item in again.items} == {"unchanged"}

    asyncio.run(act())
