"""Rules between the fields of a request, and between them and the model: tools, limits, schemas, cache points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from core.llms.simulator.anthropic.output_schemas import find_strict_schema_flaw, find_tool_schema_flaw
from core.llms.simulator.bedrock.blocks import all_blocks
from core.llms.simulator.bedrock.errors import ApiError, model_error
from core.llms.simulator.bedrock.guardrails import check_guardrail
from core.llms.simulator.bedrock.message_rules import check_messages, check_reasoning_comes_first
from core.llms.simulator.bedrock.model_fields import check_model_fields

if TYPE_CHECKING:
    from core.llms.simulator.bedrock.models import Model

_MOST_CACHE_POINTS = 4
_SYSTEM_TOOLS = ("nova_grounding",)


def check_request(body: dict[str, Any], model: Model) -> dict[str, Any]:
    """The model's own fields, once the whole request goes with the model. Raises: ApiError."""
    if model.makes_vectors:
        raise ApiError("The provided model doesn't support Converse.")
    fields = check_prompt(body, model)
    _check_limits(body, model)
    _check_format(body, model)
    check_guardrail(body.get("guardrailConfig"))
    return fields


def check_prompt(body: dict[str, Any], model: Model) -> dict[str, Any]:
    """The model's own fields, once what makes up the prompt goes with the model. Raises: ApiError."""
    check_messages(body, model)
    _check_tools(body, model)
    _check_abilities(body, model)
    _check_cache_points(body, model)
    fields = check_model_fields(body, model)
    if fields.get("thinking", {}).get("type") == "enabled":
        check_reasoning_comes_first(body["messages"])
    return fields


def _check_tools(body: dict[str, Any], model: Model) -> None:
    config = body.get("toolConfig")
    if config is None:
        if any(placed.kind in ("toolUse", "toolResult") for placed in all_blocks(body)):
            raise ApiError("The toolConfig field must be defined when using toolUse and toolResult content blocks.")
        return
    names: list[str] = []
    for index, tool in enumerate(config["tools"]):
        if "toolSpec" in tool:
            _check_spec(tool["toolSpec"], index)
            names.append(tool["toolSpec"]["name"])
        elif "systemTool" in tool:
            _check_system_tool(tool["systemTool"]["name"], model)
    if len(set(names)) < len(names):
        raise ApiError("The toolConfig.tools field contains duplicate tool names. Rename the tools and try again.")
    if all("cachePoint" in tool for tool in config["tools"]):
        raise ApiError("The toolConfig.tools field must contain at least one tool.")
    _check_choice(config.get("toolChoice", {"auto": {}}), names, model)


def _check_spec(spec: dict[str, Any], index: int) -> None:
    schema = spec["inputSchema"]["json"]
    if schema.get("type") != "object":
        raise ApiError(
            f"The value at toolConfig.tools.{index}.toolSpec.inputSchema.json.type must be one of the following: "
            "object."
        )
    flaw = find_tool_schema_flaw(schema)
    if flaw is not None:
        raise model_error(f"tools.{index}.custom.input_schema{flaw[0]}: {flaw[1]}")
    strict_flaw = find_strict_schema_flaw(schema) if spec.get("strict") else None
    if strict_flaw is not None:
        raise model_error(f"tools.{index}.custom: {strict_flaw}")


def _check_system_tool(name: str, model: Model) -> None:
    if model.family != "nova2" or name not in _SYSTEM_TOOLS:
        raise ApiError(f"This model doesn't support the system tool {name}.")


def _check_choice(choice: dict[str, Any], names: list[str], model: Model) -> None:
    if "auto" in choice:
        return
    kind = "tool" if "tool" in choice else "any"
    if not model.forced_tools:
        raise ApiError(
            f"This model doesn't support the toolConfig.toolChoice.{kind} field. Remove toolConfig.toolChoice.{kind} "
            "and try again."
        )
    if kind == "tool" and choice["tool"]["name"] not in names:
        raise ApiError("The tool name in toolConfig.toolChoice.tool must be one of the tools in toolConfig.tools.")


def _check_abilities(body: dict[str, Any], model: Model) -> None:
    lacks = {
        "image": not model.images,
        "video": model.family not in ("nova", "nova2") or not model.images,
        "audio": True,
        "document": not model.documents,
        "searchResult": model.family != "claude",
    }
    for placed in all_blocks(body):
        if lacks.get(placed.kind, False):
            raise ApiError(
                f"This model doesn't support the {placed.kind} content block that you provided. Update your request "
                "to use a supported content block and try again."
            )
        if placed.kind == "document" and _is_cited(placed.content) and model.family != "claude":
            raise ApiError("This model doesn't support citations.")


def _is_cited(document: dict[str, Any]) -> bool:
    return bool(document.get("citations", {}).get("enabled"))


def _check_cache_points(body: dict[str, Any], model: Model) -> None:
    blocks = [*body.get("toolConfig", {}).get("tools", ()), *body.get("system", ())]
    count = sum("cachePoint" in block for block in blocks)
    count += sum(placed.kind == "cachePoint" for placed in all_blocks(body))
    if count and model.cache_minimum is None:
        raise ApiError(
            "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for "
            "more information.",
            name="AccessDeniedException",
        )
    if count > _MOST_CACHE_POINTS:
        message = f"A maximum of {_MOST_CACHE_POINTS} blocks with cache_control may be provided. Found {count}."
        raise model_error(message)


def _check_limits(body: dict[str, Any], model: Model) -> None:
    inference = body.get("inferenceConfig", {})
    if inference.get("maxTokens", 1) > model.max_output:
        raise ApiError(
            f"The maximum tokens you requested exceeds the model limit of {model.max_output}. Try again with a maximum "
            f"tokens value that is lower than {model.max_output}."
        )
    if model.family == "claude" and any(not stop.strip() for stop in inference.get("stopSequences", ())):
        raise model_error("stop_sequences: each stop sequence must contain non-whitespace")
    if any(not path.startswith("/") for path in body.get("additionalModelResponseFieldPaths", ())):
        raise ApiError("The value at additionalModelResponseFieldPaths must be a valid JSON Pointer.")


def _check_format(body: dict[str, Any], model: Model) -> None:
    form = body.get("outputConfig", {}).get("textFormat")
    if form is None:
        return
    if not model.schemas:
        raise ApiError(
            "This model doesn't support the outputConfig.textFormat field. Remove outputConfig.textFormat and try "
            "again."
        )
    schema = output_schema(body)
    flaw = "Schema is invalid" if schema is None else find_strict_schema_flaw(schema)
    if flaw is not None:
        raise model_error(f"output_config.format.schema: {flaw}")
    if any(placed.kind == "document" and _is_cited(placed.content) for placed in all_blocks(body)):
        raise model_error("output_config.format: citations are not supported with structured outputs")


def output_schema(body: dict[str, Any]) -> dict[str, Any] | None:
    """The schema that the answer's text must fit; None where its text is no JSON object."""
    text = body["outputConfig"]["textFormat"]["structure"]["jsonSchema"]["schema"]
    try:
        schema = from_json(text)
    except ValueError:
        return None
    return schema if isinstance(schema, dict) else None
