"""Finding out what a model can do: the highest bill first, then the probes, then what they showed."""

import asyncio

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms.registry.capability_detector import ModelCapabilityDetectorFactory as Factory
from core.llms.registry.llm_registry import LLMRegistry


async def main(model: str) -> None:
    provider, _, name = model.partition("/")
    plan = await Factory.plan_probes(provider, name)
    print(f"{len(plan.sent)} probes, at most ${plan.highest_cost}")

    report = await Factory.detect(provider, name, probes=True, max_usd="0.01")
    for result in report.models[0].probes:
        answer = "?" if result.answer is None else "yes" if result.answer else "no"
        print(f"{result.probe:15} {answer:4} {result.evidence}")
    print(f"they cost ${report.cost}")

    registry = LLMRegistry()
    for profile in report.register(registry):
        print(f"{profile.name}: {profile.origin} by {profile.detected_by}")


if __name__ == "__main__":
    with environment("openai/gpt-4.1-mini") as model:
        asyncio.run(main(model))
