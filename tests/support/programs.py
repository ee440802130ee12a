"""What programs that a test runs say on their standard error."""

from __future__ import annotations


def complaints(stderr: str) -> list[str]:
    """Return the lines that tell of something wrong.

    In its debug mode asyncio tells of steps of more than 100 ms, too: that is the machine's affair.
    """
    return [line for line in stderr.splitlines() if not line.startswith("Executing <")]
