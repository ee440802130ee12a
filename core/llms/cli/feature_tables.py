"""The tables of what providers can do, for people and for Markdown pages. Finding it out is not done here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from core.llms.features import FEATURES, Answer, Feature, ProviderFeatures

_BY_NAME: Final[Mapping[str, Feature]] = {feature.name: feature for feature in FEATURES}
BRIEF: Final = ("images", "documents", "sound", "tools", "typed_answers", "reasoning", "embeddings", "token_count")
# Every feature is in one of these, in this order.
_TOPICS: Final[Mapping[str, tuple[str, ...]]] = {
    "What a prompt holds": ("images", "documents", "citations", "sound", "cache_points"),
    "Tools and typed answers": ("tools", "parallel_tools", "tool_choice", "typed_answers"),
    "How it is answered": ("streaming", "reasoning", "reasoning_returns", "stop", "seed"),
    "Beside answers": ("embeddings", "models", "token_count", "reported_cost"),
}
_WORDS: Final = {True: "yes", False: "no", None: "?"}
_MARKS: Final = {True: "✓", False: "–", None: "?"}
LEGEND: Final = "✓ some model of the provider does, – none does, ? it is up to a model that is not listed here."


def feature_facts(found: ProviderFeatures) -> dict[str, Any]:
    """Return everything about a provider as JSON has it; an answer of None is up to a model that is not listed."""
    return {
        "provider": found.provider,
        "name": found.display_name,
        "wires": dict(found.wires),
        "credential_variables": [list(names) for names in found.credential_variables],
        "needs_credential": found.needs_credential,
        "address_variables": list(found.address_variables),
        "features": {
            name: {"able": answer.able, "detail": answer.detail, "model": answer.model}
            for name, answer in found.answers.items()
        },
    }


def table_rows(found: Iterable[ProviderFeatures]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the heading and the rows of the short table."""
    heading = ("provider", "credential", *(_BY_NAME[name].title for name in BRIEF))
    return heading, [(one.provider, _credential(one), *(_word(one.answers[name]) for name in BRIEF)) for one in found]


def provider_rows(found: ProviderFeatures) -> list[tuple[str, str]]:
    """Return what one provider can do, a pair of feature and answer each."""
    rows = [
        ("wires", ", ".join(found.wires)),
        ("credential", " or ".join(" with ".join(names) for names in found.credential_variables)),
        ("needed", "yes" if found.needs_credential else "no"),
        ("address", " or ".join(found.address_variables)),
    ]
    for feature in FEATURES:
        answer = found.answers[feature.name]
        example = f" ({answer.model})" if answer.able and answer.model else ""
        rows.append((feature.title, _word(answer) + example))
    return rows


def render_brief(found: Iterable[ProviderFeatures], folder: str) -> str:
    """Write the short table in Markdown, each provider linked to its page in a folder."""
    heading = ("", "credential", *(_BY_NAME[name].title for name in BRIEF))
    rows = [
        (_link(one, folder), _variables(one, first_only=True), *(_mark(one.answers[name]) for name in BRIEF))
        for one in found
    ]
    return f"{_markdown(heading, rows)}\n{LEGEND}\n"


def render_full(found: Sequence[ProviderFeatures], folder: str) -> str:
    """Write everything in Markdown: a table of access, then one a topic."""
    access = [(_link(one, folder), _code(one.wires), _variables(one), _code(one.address_variables)) for one in found]
    parts = [LEGEND, "", "## Access", "", _markdown(("", "`wire=`", "credential", "address"), access)]
    for topic, names in _TOPICS.items():
        heading = ("", *(_BY_NAME[name].title for name in names))
        rows = [(_link(one, folder), *(_mark(one.answers[name]) for name in names)) for one in found]
        meanings = [f"- {_BY_NAME[name].title}: {_BY_NAME[name].meaning}" for name in names]
        parts += [f"## {topic}", "", *meanings, "", _markdown(heading, rows)]
    return "\n".join(parts)


def render_one(found: ProviderFeatures) -> str:
    """Write what one provider can do, in Markdown: a sentence a kind of answer."""
    said: dict[bool | None, list[str]] = {True: [], None: [], False: []}
    for feature in FEATURES:
        answer = found.answers[feature.name]
        said[answer.able].append(feature.title + (f" ({answer.detail})" if answer.detail else ""))
    words = {True: "Yes", None: "Up to the model", False: "No"}
    lines = [f"- {words[able]}: {', '.join(titles)}." for able, titles in said.items() if titles]
    return "\n".join(lines) + "\n"


def _credential(found: ProviderFeatures) -> str:
    return " ".join(found.credential_variables[0]) if found.needs_credential else "none"


def _variables(found: ProviderFeatures, *, first_only: bool = False) -> str:
    if first_only and not found.needs_credential:
        return "none"
    shown = found.credential_variables[:1] if first_only else found.credential_variables
    names = ", ".join(" with ".join(f"`{name}`" for name in together) for together in shown)
    return names if found.needs_credential else f"none, or {names}"


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _link(found: ProviderFeatures, folder: str) -> str:
    return f"[{found.display_name}]({folder}/{found.provider}.md)"


def _word(answer: Answer) -> str:
    return answer.detail or _WORDS[answer.able]


def _mark(answer: Answer) -> str:
    return answer.detail or _MARKS[answer.able]


def _markdown(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
