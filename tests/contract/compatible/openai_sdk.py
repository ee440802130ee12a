"""OpenAI's SDK, for the vendors that tell their users to take it."""

from __future__ import annotations

from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from tests.contract.compatible.framework import KEY


def create_client(url: str) -> AsyncOpenAI:
    """Its client, without certificates: loading them takes most of a test's time."""
    return AsyncOpenAI(api_key=KEY, base_url=url, max_retries=0, http_client=DefaultAsyncHttpxClient(verify=False))


def create_v1_client(url: str) -> AsyncOpenAI:
    """The same, for a vendor whose API begins at `/v1`."""
    return create_client(f"{url}/v1")
