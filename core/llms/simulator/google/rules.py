"""Rules between the fields of a request, and between them and the model: tools, ranges, formats."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from core.llms.simulator.google.contents import check_contents, check_parts
from core.llms.simulator.google.errors import ApiError, invalid_field
from core.llms.simulator.google.proto import snake_case
from core.llms.simulator.google.thinking import check_thinking

if TYPE_CHECKING:
    from core.llms.simulator.google.models import Model

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]{0,127}")
_NAME_RULE = (
    "Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), "
    "underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128."
)
_MEDIA_TYPES = ("text/plain", "application/json", "application/xml", "application/yaml", "text/x.enum")
_STRUCTURED_TYPES = ("application/json", "text/x.enum")
_MOST_STOPS = 5
_MOST_CANDIDATES = 8
_MOST_LOGPROBS = 20
_RANGES = (
    ("temperature", "temperature", 0.0, 2.0),
    ("topP", "top_p", 0.0, 1.0),
    ("presencePenalty", "presence_penalty", -2.0, 2.0),
    ("frequencyPenalty", "frequency_penalty", -2.0, 2.0),
)


def check_request(request: dict[str, Any], model: Model, *, vertex: bool) -> None:
    """Check everything that depends on more than the type of a field. Raises: ApiError."""
    check_prompt(request, model, vertex=vertex)
    config = request.get("generationConfig") or {}
    _check_ranges(config, model)
    _check_logprobs(config)
    check_thinking(config, model)
    if request.get("cachedContent"):
        raise ApiError("CachedContent not found (or permission denied)", code=403)


def check_prompt(request: dict[str, Any], model: Model, *, vertex: bool) -> None:
    """Check what makes up the prompt, as counting takes it too. Raises: ApiError."""
    check_contents(request.get("contents") or [], model, vertex=vertex)
    _check_system(request.get("systemInstruction"))
    _check_tools(request.get("tools") or [], request.get("generationConfig") or {}, model)
    _check_choice(request)
    _check_format(request.get("generationConfig") or {})


def declarations(request: dict[str, Any]) -> list[dict[str, Any]]:
    """All functions on offer."""
    return [entry for tool in request.get("tools") or [] for entry in tool.get("functionDeclarations") or []]


def _check_system(system: dict[str, Any] | None) -> None:
    if system is None:
        return
    check_parts(system, "system_instruction")
    if any("text" not in part for part in system["parts"]):
        raise invalid_field("system_instruction.parts", "only text is supported in system instructions")


def _check_tools(tools: list[dict[str, Any]], config: dict[str, Any], model: Model) -> None:
    names: set[str] = set()
    for index, tool in enumerate(tools):
        for position, declaration in enumerate(tool.get("functionDeclarations") or []):
            path = f"tools[{index}].function_declarations[{position}]"
            _check_declaration(declaration, path)
            if declaration["name"] in names:
                raise ApiError(f"Duplicate function declaration found: {declaration['name']}")
            names.add(declaration["name"])
    built_in = sorted({snake_case(kind) for tool in tools for kind in tool if kind != "functionDeclarations"})
    if names and built_in and not model.late:
        raise ApiError(
            f"Built-in tools ({{{', '.join(built_in)}}}) and Function Calling cannot be combined in the same request. "
            "Please choose one tool and try again."
        )
    if names and not model.late and config.get("responseMimeType") == "application/json":
        raise ApiError("Function calling with a response mime type: 'application/json' is unsupported")


def _check_declaration(declaration: dict[str, Any], path: str) -> None:
    if not _NAME.fullmatch(declaration.get("name", "")):
        raise invalid_field(f"{path}.name", _NAME_RULE)
    if "parameters" in declaration and "parametersJsonSchema" in declaration:
        raise invalid_field(path, "parameters and parameters_json_schema are mutually exclusive")
    if "parameters" in declaration and declaration["parameters"].get("type") != "OBJECT":
        raise invalid_field(f"{path}.parameters", "schema should be of type OBJECT")
    schema = declaration.get("parametersJsonSchema")
    if schema is not None and not (isinstance(schema, dict) and schema.get("type", "object") == "object"):
        raise invalid_field(f"{path}.parameters_json_schema", "schema should be of type object")


def _check_choice(request: dict[str, Any]) -> None:
    config = (request.get("toolConfig") or {}).get("functionCallingConfig") or {}
    names = [declaration["name"] for declaration in declarations(request)]
    mode = config.get("mode", "AUTO")
    if mode in ("ANY", "VALIDATED") and not names:
        raise ApiError(f"Function calling config is set to mode {mode} without function_declarations.")
    allowed = config.get("allowedFunctionNames") or []
    if allowed and mode not in ("ANY", "VALIDATED"):
        raise ApiError("Please set allowed_function_names only when function calling mode is ANY or VALIDATED.")
    for name in allowed:
        if name not in names:
            raise ApiError(f"Function name {name} in allowed_function_names is not found in function_declarations.")


def _check_ranges(config: dict[str, Any], model: Model) -> None:
    for name, snake, lowest, highest in _RANGES:
        if name in config and not lowest <= config[name] <= highest:
            message = f"{snake} must be in the range [{lowest}, {highest}]."
            raise invalid_field(f"generation_config.{snake}", message)
    if config.get("topK", 1) < 1:
        raise invalid_field("generation_config.top_k", "top_k must be positive.")
    if not 1 <= config.get("candidateCount", 1) <= _MOST_CANDIDATES:
        message = f"candidate_count must be in the range [1, {_MOST_CANDIDATES}]."
        raise invalid_field("generation_config.candidate_count", message)
    if len(config.get("stopSequences") or ()) > _MOST_STOPS:
        message = f"the number of stop_sequences must not exceed {_MOST_STOPS}."
        raise invalid_field("generation_config.stop_sequences", message)
    wanted = config.get("maxOutputTokens", 1)
    if wanted < 1:
        raise invalid_field("generation_config.max_output_tokens", "max_output_tokens must be positive.")
    if wanted > model.output_limit:
        raise ApiError(
            f"Unable to submit request because it has a maxOutputTokens value of {wanted} but the supported range is "
            f"from 1 (inclusive) to {model.output_limit + 1} (exclusive). Update the value and try again."
        )


def _check_format(config: dict[str, Any]) -> None:
    media_type = config.get("responseMimeType", "text/plain")
    if media_type not in _MEDIA_TYPES:
        listed = "`text/plain`, `application/json`, `application/xml`, `application/yaml` and `text/x.enum`"
        raise invalid_field("generation_config.response_mime_type", f"allowed mimetypes are {listed}.")
    given = [name for name in ("responseSchema", "responseJsonSchema") if name in config]
    if len(given) > 1:
        raise invalid_field("generation_config", "response_schema and response_json_schema are mutually exclusive")
    if given and media_type not in _STRUCTURED_TYPES:
        snake = "response_schema" if given[0] == "responseSchema" else "response_json_schema"
        message = "only allowed when response_mime_type is `application/json` or `text/x.enum`."
        raise invalid_field(f"generation_config.{snake}", message)
    if given == ["responseJsonSchema"] and not isinstance(config["responseJsonSchema"], dict):
        raise invalid_field("generation_config.response_json_schema", "must be a JSON schema")
    if set(config.get("responseModalities") or ()) - {"TEXT"}:
        raise invalid_field("generation_config.response_modalities", "the simulator answers in TEXT only")


def _check_logprobs(config: dict[str, Any]) -> None:
    if "logprobs" not in config:
        return
    if not config.get("responseLogprobs"):
        raise invalid_field("generation_config.logprobs", "response_logprobs must be set when logprobs is set.")
    if not 0 <= config["logprobs"] <= _MOST_LOGPROBS:
        message = f"logprobs must be in the range [0, {_MOST_LOGPROBS}]."
        raise invalid_field("generation_config.logprobs", message)
