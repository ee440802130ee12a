"""What one process changes another sees within a second, and what is switched off is refused there from then on."""

from __future__ import annotations

import pytest

from tests.support.visibility import watch

CHANGES = 4


@pytest.mark.parametrize("listens", [True, False], ids=["listening", "polling"])
async def test_a_change_is_seen_in_another_process_within_a_second(database_url: str, listens: bool) -> None:
    delays = await watch(database_url, CHANGES, listens=listens)
    assert len(delays) == CHANGES + 1
    assert [delay for delay, lag in delays if delay >= 1.0 + lag] == []
