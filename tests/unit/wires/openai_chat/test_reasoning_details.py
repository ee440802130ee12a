"""Blocks of reasoning put together from streamed fragments, as gateways were recorded to send them."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.wires.openai_chat import ChatDialect
from core.llms.wires.openai_chat.reasoning_details import DetailsAssembler, join_details, read_details


def text(piece: str | None = None, index: int | None = 0, **facts: Any) -> dict[str, Any]:
    fragment = {"type": "reasoning.text", "text": piece, "index": index, **facts}
    return {name: value for name, value in fragment.items() if value is not None}


def summary(piece: str, index: int | None = 0, **facts: Any) -> dict[str, Any]:
    return {"type": "reasoning.summary", "summary": piece, "index": index, **facts}


def encrypted(data: str, index: int | None = 0, **facts: Any) -> dict[str, Any]:
    return {"type": "reasoning.encrypted", "data": data, "index": index, **facts}


CASES: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]], str]] = {
    "signature comes last and without text": (
        [text("Let"), text(" me"), text(signature="sig", format="anthropic-claude-v1")],
        [text("Let me", signature="sig", format="anthropic-claude-v1")],
        "Let me",
    ),
    "null facts are filled in": (
        [text("a", id="r") | {"signature": None}, text("b", signature="sig") | {"id": None}],
        [text("ab", id="r", signature="sig")],
        "ab",
    ),
    "each index is a block": (
        [text("a", 0), text("b", 1), text("c", 0)],
        [text("ac", 0), text("b", 1)],
        "a\n\nb\n\nc",
    ),
    "types of one index are apart": (
        [summary("a"), summary("b"), encrypted("gAAA", id="rs_1")],
        [summary("ab"), encrypted("gAAA", id="rs_1")],
        "ab",
    ),
    "data is never joined": (
        [encrypted("one"), encrypted("two")],
        [encrypted("one"), encrypted("two")],
        "",
    ),
    "another id is another block": (
        [summary("a", id="rs_1"), summary("b", id="rs_2"), summary("c", id="rs_2")],
        [summary("a", id="rs_1"), summary("bc", id="rs_2")],
        "a\n\nbc",
    ),
    "without index the neighbours are one": (
        [text("a", None), text("b", None), encrypted("x", None), text("c", None)],
        [text("ab", None), encrypted("x", None), text("c", None)],
        "ab\n\nc",
    ),
    "without index a signature ends a block": (
        [text("a", None), text(None, None, signature="s1"), text("b", None), text(None, None, signature="s2")],
        [text("a", None, signature="s1"), text("b", None, signature="s2")],
        "a\n\nb",
    ),
    "an unknown type is kept": (
        [{"type": "reasoning.new", "index": 0, "x": [1]}],
        [{"type": "reasoning.new", "index": 0, "x": [1]}],
        "",
    ),
}


@pytest.mark.parametrize(("fragments", "blocks", "shown"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("together", [True, False])
def test_fragments_come_together(
    fragments: list[dict[str, Any]], blocks: list[dict[str, Any]], shown: str, together: bool
) -> None:
    assembler = DetailsAssembler()
    parts = [fragments] if together else [[fragment] for fragment in fragments]
    assert "".join([assembler.take(part) for part in parts]) == shown
    assert assembler.assemble() == blocks


def test_blocks_so_far_do_not_change_when_more_comes() -> None:
    assembler = DetailsAssembler()
    assembler.take([text("a")])
    so_far = assembler.assemble()
    assembler.take([text("b", signature="sig")])
    assert so_far == [text("a")]


def test_text_of_whole_blocks_is_a_paragraph_each() -> None:
    assert join_details([summary("a"), encrypted("x", 1), text("b", 2), text("", 3)]) == "a\n\nb"


@pytest.mark.parametrize("details", [None, "", "text", {}, 5, [], [5, "x", None]])
def test_details_of_another_shape_are_none(details: Any) -> None:
    assert read_details({"reasoning_details": details}, ChatDialect()) == []


def test_details_are_read_from_the_dialect_s_field() -> None:
    message = {"thoughts": [text("a")]}
    assert read_details(message, ChatDialect(reasoning_details_field="thoughts")) == [text("a")]
    assert read_details(message, ChatDialect()) == []
