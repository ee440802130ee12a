"""The citations of a text that goes back to the Responses API.

Facts: openai 3.52, `types/responses/response_output_text_param.py`, read 2026-11-21.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.simulator.openai.fields import integer, record, tagged, text

if TYPE_CHECKING:
    from core.llms.simulator.openai.fields import Rule


def _citation(*texts: str, places: tuple[str, ...]) -> Rule:
    fields = {"type": text(), **{name: text() for name in texts}, **{name: integer(0) for name in places}}
    return record(fields, (*texts, *places))


_STRETCH = ("start_index", "end_index")
CITATION = tagged(
    "type",
    {
        "file_citation": _citation("file_id", "filename", places=("index",)),
        "url_citation": _citation("url", "title", places=_STRETCH),
        "container_file_citation": _citation("container_id", "file_id", "filename", places=_STRETCH),
        "file_path": _citation("file_id", places=("index",)),
    },
)
