"""A team's aliases in one file: checked and loaded as a whole, used by name, and changed while the program runs."""

from pathlib import Path
from tempfile import TemporaryDirectory

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import ConfigRegistry, ConfigurationError, ModelHandler, load_configs

MODELS = """\
models:
  drafts:
    description: first drafts, cheap
    provider: openai
    model: gpt-4.1-mini
    system_message: Be brief.
    parameters: {temperature: 0.2, max_tokens: 200}
  reviews:
    description: reviews, thorough
    provider: openai
    model: gpt-6-sol
    parameters: {reasoning_effort: low, max_tokens: 500}
"""


def main(path: Path) -> None:
    path.write_text(MODELS, encoding="utf-8")
    registry = ConfigRegistry()
    load_configs(path, registry=registry)

    with ModelHandler(registry) as handler:
        for alias in handler.list_available_models():
            response = handler.get_full_response(alias, "What is 6 * 7?")
            print(f"{alias}: {response.text}, by {response.model}")

        # What is wrong is told with its line, and what was loaded stays.
        path.write_text(MODELS.replace("temperature: 0.2", "temprature: 0.2"), encoding="utf-8")
        try:
            load_configs(path, registry=registry, replace=True)
        except ConfigurationError as error:
            print(str(error).removeprefix(str(path)))

        path.write_text(MODELS.replace("gpt-6-sol", "gpt-6-luna"), encoding="utf-8")
        load_configs(path, registry=registry, replace=True)
        print(f"reviews: by {handler.get_full_response('reviews', 'What is 6 * 7?').model} from now on")


if __name__ == "__main__":
    with environment("openai/gpt-4.1-mini"), TemporaryDirectory() as folder:
        main(Path(folder) / "models.yaml")
