"""What the clients written by hand share."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp


def open_session(headers: Mapping[str, str]) -> aiohttp.ClientSession:
    """Open a session without a limit of connections; `headers` go with every request."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), headers=headers)
