"""Citations of the documents a request allows to be cited: the beginning of each, where its text is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.llms.simulator.anthropic.turns import Turn

_CITED_CHARACTERS = 80


def document_citations(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """One citation for each document of the last turn with citations enabled."""
    documents = [placed.block for turn in turns for placed in turn.of_type("document")]
    last = list(turns[-1].of_type("document")) if turns else []
    return [
        _citation(placed.block, documents.index(placed.block))
        for placed in last
        if (placed.block.get("citations") or {}).get("enabled")
    ]


def _citation(block: dict[str, Any], index: int) -> dict[str, Any]:
    source = block["source"]
    shared = {"document_index": index, "document_title": block.get("title"), "file_id": source.get("file_id")}
    if source["type"] == "text":
        cited = source["data"][:_CITED_CHARACTERS]
        place = {"start_char_index": 0, "end_char_index": len(cited)}
        return {"type": "char_location", "cited_text": cited, **shared, **place}
    if source["type"] == "content":
        cited = _first_text(source["content"])[:_CITED_CHARACTERS]
        place = {"start_block_index": 0, "end_block_index": 1}
        return {"type": "content_block_location", "cited_text": cited, **shared, **place}
    place = {"start_page_number": 1, "end_page_number": 2}
    return {"type": "page_location", "cited_text": block.get("title") or "The first page", **shared, **place}


def _first_text(content: str | list[dict[str, Any]]) -> str:
    if isinstance(content, str):
        return content
    return next((part["text"] for part in content if part["type"] == "text"), "")
