"""Finding what could be configured: providers of the environment, what their models can do, and registering some."""

import asyncio
import tempfile
from pathlib import Path

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms.provider_config.discovery.applying import apply
from core.llms.provider_config.discovery.discover import discover
from core.llms.provider_config.factory import ProviderFactory
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database


async def main(model: str, folder: Path) -> None:
    async with Database(f"sqlite:///{folder / 'team.db'}", upgrade=True) as database:
        service = ProviderConfigService(database)
        report = await discover(model.partition("/")[0], service=service, limit=2)
        for problem in report.problems:
            print(f"{problem.provider}: {problem.reason}")
        for found in report.providers:
            print(f"{found.provider} at its address, by {', '.join(found.variables)}: {len(found.models)} models")
            for each in found.models[:3]:
                print(f"  {each.model}: {each.proposal.alias if each.proposal else each.reason}")

        for done in await apply(service, report.proposals):
            print(f"{done.proposal.alias}: {done.error or 'registered, verified, switched on'}")
        first = report.proposals[0]
        async with await ProviderFactory(service).create_provider(first.provider_name, first.model_id) as llm:
            print((await llm.get_answer("Say: hello.")).text)


if __name__ == "__main__":
    with environment("openai/gpt-6-sol") as model, tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(model, Path(folder)))
