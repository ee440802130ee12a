"""What a route remembers of its targets."""

from __future__ import annotations

from time import monotonic

import pytest

from core.llms import AuthenticationError, LLMError, RateLimitError
from core.llms.runtime.routing.members import MemberState


@pytest.mark.parametrize(
    ("error", "still_rests"), [(RateLimitError("x", status=429), True), (AuthenticationError("x", status=401), False)]
)
def test_answer_to_a_call_from_before_does_not_end_a_rest(error: LLMError, still_rests: bool) -> None:
    state, asked_at = MemberState(), monotonic()

    state.cool_down(60, error)
    state.warm_up(asked_at)

    assert (state.ready_at > monotonic()) is still_rests


def test_shorter_rest_does_not_replace_a_longer_one() -> None:
    state = MemberState()
    state.cool_down(60, RateLimitError("long", status=429))
    until = state.ready_at

    state.cool_down(1, RateLimitError("short", status=429))

    assert state.ready_at == until


def test_state_keeps_no_frames_of_the_call() -> None:
    state = MemberState()
    try:
        raise RateLimitError("x", status=429, retry_after_seconds=3)
    except RateLimitError as error:
        error.add_note("of this call")
        state.cool_down(3, error)

    kept = state.cooled_by
    assert isinstance(kept, RateLimitError)
    assert (kept.__traceback__, getattr(kept, "__notes__", None), kept.retry_after_seconds) == (None, None, 3)
