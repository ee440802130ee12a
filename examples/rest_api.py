"""The REST API over a team's configurations, served here and called as any other program would."""

import asyncio
import socket
import tempfile

import aiohttp
import uvicorn
from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms.provider_config.server import create_app
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database

REGISTRATION = {
    "provider_name": "openai",
    "model_id": "gpt-4.1-mini",
    "alias": "support",
    "parameters": {"name": "support", "max_new_tokens": 150, "temperature": 0.3},
}
ONE = "/v1/configurations/openai/gpt-4.1-mini"


async def call(url: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(url, headers=headers) as session:
        async with session.post("/v1/configurations", json=REGISTRATION) as answer:
            config, etag = await answer.json(), answer.headers["ETag"]
            print(f"{answer.status}: {config['alias']} is {config['verification_status']}, version {config['version']}")
        patch = {"parameters": {"temperature": 0.1}}
        for _ in range(2):
            async with session.patch(ONE, json=patch, headers={"If-Match": etag}) as answer:
                changed = await answer.json()
                print(f"{answer.status}: {changed.get('detail') or changed['parameters']['temperature']}")
        async with session.get(f"{ONE}/revisions?limit=1") as answer:
            newest = (await answer.json())["items"][0]
            print(f"{answer.status}: version {newest['number']} is an {newest['action']} by {newest['actor']}")
        async with session.get(f"{ONE}/explain") as answer:
            told = {one["name"]: one for one in (await answer.json())["parameters"]}["temperature"]
            print(f"{answer.status}: temperature is {told['value']}, says {told['origin']['name']}")
        async with session.get("/v1/export", headers={"Accept": "application/yaml"}) as answer:
            print(f"{answer.status}: {len((await answer.text()).splitlines())} lines of YAML")


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listening:
        async with Database(f"sqlite:///{folder}/team.db", upgrade=True) as database:
            service = ProviderConfigService(database)
            await service.access.grant("ann", "maintainer")
            made = await service.tokens.create("ann")
            server = uvicorn.Server(uvicorn.Config(create_app(service), log_level="warning", lifespan="off"))
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            await call(f"http://127.0.0.1:{listening.getsockname()[1]}", made.text.get_secret_value())
            server.should_exit = True
            await serving


if __name__ == "__main__":
    with environment("openai/gpt-4.1-mini", usd="0"):
        asyncio.run(main())
