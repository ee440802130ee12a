"""Options that several commands take, each set of them one argument: a dataclass, whose fields are the options."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Any, get_type_hints

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import UpgradeOption, with_service
from core.llms.cli.providers.fields import (
    AnswerPrefixOption,
    ContextPrefixOption,
    MaxTokensOption,
    ParentOption,
    PresetOption,
    QueryPrefixOption,
    SystemPromptOption,
    TemperatureOption,
    TopKOption,
    TopPOption,
    given,
)
from core.llms.cli.providers.wording import GROUP
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.service import ProviderConfigService


def with_option_groups(command: Callable[..., int]) -> Callable[..., int]:
    """Return a command that takes the fields of its arguments that are dataclasses as options of its own."""
    hints = get_type_hints(command, include_extras=True)
    groups = {name: kind for name, kind in hints.items() if is_dataclass(kind) and isinstance(kind, type)}

    @wraps(command)
    def run(**options: Any) -> int:
        for name, kind in groups.items():
            options[name] = kind(**{each.name: options.pop(each.name) for each in fields(kind)})
        return command(**options)

    parameters: list[Parameter] = []
    for one in signature(command).parameters.values():
        kind = groups.get(one.name)
        own = [one.replace(annotation=hints[one.name], kind=Parameter.KEYWORD_ONLY)]
        parameters += own if kind is None else _options_of(kind)
    vars(run)["__signature__"] = Signature(parameters)
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    return run


def _options_of(kind: type[Any]) -> list[Parameter]:
    hints = get_type_hints(kind, include_extras=True)
    defaults = {each.name: Parameter.empty if each.default is MISSING else each.default for each in fields(kind)}
    return [
        Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=hints[name])
        for name, default in defaults.items()
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonOptions:
    """What every command on the database takes."""

    actor: ActorOption = None
    upgrade: UpgradeOption = False
    json: JsonOption = False
    debug: DebugOption = False

    def run(
        self, action: Callable[[ProviderConfigService, Terminal], Awaitable[ExitCode]], *, group: str = GROUP
    ) -> int:
        """Run a command's work, and return its exit code. `group` is what messages call the commands around it."""
        terminal = Terminal(as_json=self.json, debug=self.debug)
        return with_service(
            lambda service: action(service, terminal), terminal, upgrade=self.upgrade, actor=self.actor, group=group
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingOptions:
    """The parameters that most models have, and what they inherit from."""

    temperature: TemperatureOption = None
    max_tokens: MaxTokensOption = None
    top_k: TopKOption = None
    top_p: TopPOption = None
    parent: ParentOption = None
    preset: PresetOption = None

    def given(self) -> dict[str, Any]:
        """Return what was given, by the names that are stored."""
        return given(
            temperature=self.temperature, max_new_tokens=self.max_tokens, top_k=self.top_k, top_p=self.top_p,
            parent=self.parent, preset=self.preset,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TextOptions:
    """The texts of a prompt template."""

    system_prompt: SystemPromptOption = None
    context_prefix: ContextPrefixOption = None
    query_prefix: QueryPrefixOption = None
    answer_prefix: AnswerPrefixOption = None

    def given(self) -> dict[str, Any]:
        """Return what was given."""
        return given(
            system_prompt=self.system_prompt, context_prefix=self.context_prefix, query_prefix=self.query_prefix,
            answer_prefix=self.answer_prefix,
        )  # fmt: skip
