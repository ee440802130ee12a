"""Citations of what a request allows to be cited: the beginning of each document, where its text is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from core.llms.simulator.bedrock.blocks import all_blocks
from core.llms.simulator.bedrock.media import document_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.llms.simulator.bedrock.blocks import Placed
    from core.llms.simulator.conversation import Citation

_CITED_CHARACTERS = 80


def source_citations(body: dict[str, Any]) -> list[dict[str, Any]]:
    """One citation for each document or search result of the last message with citations enabled."""
    last = len(body["messages"]) - 1
    placed = list(all_blocks(body))
    documents = [block for block in placed if block.kind == "document"]
    results = [block for block in placed if block.kind == "searchResult"]
    return [
        *(_of_document(block, documents) for block in documents if block.message == last and _is_cited(block)),
        *(_of_search(block, results) for block in results if block.message == last and _is_cited(block)),
    ]


def web_citations(citations: Sequence[Citation]) -> list[dict[str, Any]]:
    """The citations of a search of the vendor's own."""
    return [
        {"location": {"web": {"domain": urlsplit(citation.url).netloc, "url": citation.url}}} for citation in citations
    ]


def _is_cited(placed: Placed) -> bool:
    return bool(placed.content.get("citations", {}).get("enabled"))


def _of_document(placed: Placed, documents: Sequence[Placed]) -> dict[str, Any]:
    source, name = placed.content["source"], placed.content["name"]
    index = documents.index(placed)
    text = document_text(source)
    if text is None:
        page = {"documentIndex": index, "end": 2, "start": 1}
        return _citation({"documentPage": page}, f"The first page of {name}", name)
    if "content" in source:
        chunk = {"documentIndex": index, "end": 1, "start": 0}
        return _citation({"documentChunk": chunk}, text[:_CITED_CHARACTERS], name)
    cited = text[:_CITED_CHARACTERS]
    return _citation({"documentChar": {"documentIndex": index, "end": len(cited), "start": 0}}, cited, name)


def _of_search(placed: Placed, results: Sequence[Placed]) -> dict[str, Any]:
    found = placed.content
    cited = found["content"][0]["text"] if found["content"] else found["title"]
    place = {"searchResultLocation": {"end": 1, "searchResultIndex": results.index(placed), "start": 0}}
    return {**_citation(place, cited, found["title"]), "source": found["source"]}


def _citation(location: dict[str, Any], cited: str, title: str) -> dict[str, Any]:
    return {"location": location, "sourceContent": [{"text": cited}], "title": title}
