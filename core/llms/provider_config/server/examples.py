"""The examples that the OpenAPI document has of bodies."""

from __future__ import annotations

from typing import Any, Final

_VALUE: Final = "value"


def _example(summary: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"summary": summary, _VALUE: value}


REGISTER_CONFIGURATION: Final[dict[str, Any]] = {
    "whole": _example(
        "A model with parameters and a template of its own",
        {
            "provider_name": "openai",
            "model_id": "gpt-4.1-mini",
            "alias": "support",
            "parameters": {"name": "support", "max_new_tokens": 150, "temperature": 0.3},
            "prompt_template": {"name": "support", "system_prompt": "Be brief.", "query_prefix": "Question:"},
        },
    ),
    "shared": _example(
        "A model with parameters that are stored, not verified yet",
        {"provider_name": "groq", "model_id": "llama-3.3-70b-versatile", "parameters_name": "support", "verify": False},
    ),
}
PATCH_CONFIGURATION: Final[dict[str, Any]] = {
    "switch": _example("Switch it off", {"is_active": False}),
    "parameters": _example(
        "Change a parameter, and take another away", {"parameters": {"temperature": 0.1, "top_k": None}}
    ),
}
PLAN_MIGRATION: Final[dict[str, Any]] = {
    "model": _example("Another model, with a decision", {"to_model": "gpt-5-mini", "decisions": {"temperature": None}}),
    "version": _example("Another version of the API", {"to_version": "responses"}),
}
CREATE_PARAMETERS: Final[dict[str, Any]] = {
    "calm": _example("Parameters", {"name": "calm", "max_new_tokens": 150, "temperature": 0.2}),
}
IMPORT_DOCUMENT: Final[dict[str, Any]] = {
    "core_llms_providers": 1,
    "parameters": {"calm": {"max_new_tokens": 150, "temperature": 0.2}},
    "configurations": {"openai/gpt-4.1-mini": {"alias": "support", "parameters": "calm"}},
}
CREATE_TEMPLATE: Final[dict[str, Any]] = {
    "plain": _example("A template", {"name": "plain", "system_prompt": "Be brief.", "query_prefix": "Question:"}),
}
CREATE_CREDENTIAL: Final[dict[str, Any]] = {
    "key": _example("A key", {"name": "team", "provider": "openai", "secrets": {"api_key": "the key"}}),
}
CREATE_GRANT: Final[dict[str, Any]] = {
    "role": _example(
        "A role for one workspace", {"subject": "ann", "role": "editor", "scope": {"workspace": "search"}}
    ),
    "denial": _example("A denial", {"subject": "ann", "role": "user", "scope": {"provider": "xai"}, "is_denial": True}),
}
CREATE_TOKEN: Final[dict[str, Any]] = {
    "job": _example("A token that ends", {"subject": "nightly-job", "expires_at": "2099-12-31T00:00:00Z"}),
}
