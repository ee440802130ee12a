"""Finding the rows that inherit from a row."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, literal, select

from core.llms.provider_config.models import MAX_CHAIN, LLMParameters


def ids_below(row_id: int) -> ScalarSelect[int]:
    """Select the id of a row and of all that inherit from it. A ring, which nothing here makes, ends after its length
    or the longest chain.
    """
    top = select(LLMParameters.id, literal(1).label("length")).where(LLMParameters.id == row_id)
    below = top.cte("below", recursive=True)
    next_ones = (
        select(LLMParameters.id, below.c.length + 1)
        .join(below, LLMParameters.parent_id == below.c.id)
        .where(below.c.length < MAX_CHAIN)
    )
    return select(below.union_all(next_ones).c.id).scalar_subquery()
