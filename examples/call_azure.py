"""Azure OpenAI: the v1 route, a dated route, and Entra ID instead of a key."""

import asyncio
import os

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms.providers.azure import create_azure_llm, create_entra_token_provider
from core.llms.providers.base.auth import TokenProvider


def find_token_provider() -> TokenProvider:
    """Tokens of `DefaultAzureCredential` where a tenant is set, else one made up for the simulator."""
    return create_entra_token_provider() if os.environ.get("AZURE_TENANT_ID") else lambda: "simulated-token"


async def main() -> None:
    async with create_azure_llm("gpt-4.1-mini") as llm:
        response = await llm.get_answer("Say: v1.", max_tokens=20)
        print(f"{llm.connector.base_url}: {response.text}")
        print(f"  content filter: {sorted(response.choices[0].content_filter or {})}")

    async with create_azure_llm("gpt-4.1-mini", api_version="2024-10-21") as llm:
        response = await llm.get_answer("Say: dated.", max_tokens=20)
        print(f"{llm.connector.base_url}: {response.text}")

    async with create_azure_llm("gpt-4.1-mini", token_provider=find_token_provider()) as llm:
        response = await llm.get_answer("Say: Entra.", max_tokens=20)
        print(f"{llm.connector.auth!r}: {response.text}")


if __name__ == "__main__":
    with environment("azure/gpt-4.1-mini"):
        asyncio.run(main())
