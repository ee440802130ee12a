"""Errors, vectors and lists of Bedrock."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.errors import (
    APIError,
    AuthenticationError,
    ContextLengthExceededError,
    OverloadedError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitError,
    ServerError,
)
from core.llms.types.request import EmbeddingRequest
from core.llms.wires.bedrock_converse import BedrockConverseWire, ConverseDialect, EmbeddingForm

WIRE = BedrockConverseWire()


@pytest.mark.parametrize(
    ("status", "name", "message", "kind"),
    [
        (400, "ValidationException", "Input is too long for requested model.", ContextLengthExceededError),
        (400, "ServiceQuotaExceededException", "quota", QuotaExceededError),
        (403, "AccessDeniedException", "no access", PermissionDeniedError),
        (403, "UnrecognizedClientException", "bad token", AuthenticationError),
        (403, "com.amazon.coral.service#InvalidSignatureException", "bad signature", AuthenticationError),
        (408, "ModelTimeoutException", "slow", ServerError),
        (424, "ModelErrorException", "broke", ServerError),
        (424, "", "broke", ServerError),
        (429, "ThrottlingException:http://internal", "Too many requests", RateLimitError),
        (429, "ModelNotReadyException", "not ready", OverloadedError),
        (503, "ServiceUnavailableException", "full", OverloadedError),
    ],
)
def test_error_answer_is_of_the_class_of_its_name(status: int, name: str, message: str, kind: type[APIError]) -> None:
    headers = {"x-amzn-ErrorType": name, "x-amzn-RequestId": "r-1"}
    error = WIRE.parse_error(status, headers, json.dumps({"message": message}).encode())

    assert (type(error), error.message, error.status, error.request_id) == (kind, message, status, "r-1")
    assert error.code == (name.rpartition("#")[2].partition(":")[0] or None)
    assert error.retryable is issubclass(kind, ServerError) or kind is RateLimitError


@pytest.mark.parametrize("body", [b"", b"[]", b"<html><title>502</title></html>", b'{"Message": "upper"}', b'"text"'])
def test_error_answer_of_any_form_is_read(body: bytes) -> None:
    assert type(WIRE.parse_error(502, {}, body)) is ServerError
    assert WIRE.parse_error(403, {"x-amzn-errortype": "ExpiredTokenException"}, body).code == "ExpiredTokenException"


def test_error_under_status_200_is_an_error() -> None:
    with pytest.raises(APIError, match="UnknownOperationException"):
        WIRE.parse_response(
            {"Output": {"__type": "com.amazon.coral.service#UnknownOperationException"}, "Version": "1"}
        )


@pytest.mark.parametrize(
    ("form", "request_body", "answer", "tokens"),
    [
        ("titan", {"inputText": "a", "dimensions": 256}, {"embedding": [1, 2.5], "inputTextTokenCount": 3}, 3),
        (
            "cohere",
            {"texts": ["a"], "input_type": "search_document", "output_dimension": 256},
            {"embeddings": {"float": [[1, 2.5]]}},
            0,
        ),
        (
            "nova",
            {
                "schemaVersion": "nova-multimodal-embed-v1",
                "taskType": "SINGLE_EMBEDDING",
                "singleEmbeddingParams": {
                    "embeddingPurpose": "GENERIC_INDEX",
                    "text": {"truncationMode": "NONE", "value": "a"},
                    "embeddingDimension": 256,
                },
            },
            {"embeddings": [{"embeddingType": "TEXT", "embedding": [1, 2.5]}]},
            0,
        ),
    ],
)
def test_embeddings_are_written_and_read_in_each_form(
    form: EmbeddingForm, request_body: dict[str, Any], answer: dict[str, Any], tokens: int
) -> None:
    wire = BedrockConverseWire(ConverseDialect(embedding=form))
    rendered = wire.render_embeddings(EmbeddingRequest("some.embed-v1:0", ("a",), dimensions=256))
    response = wire.parse_embeddings(answer)

    assert (rendered.path, rendered.body) == ("/model/some.embed-v1%3A0/invoke", request_body)
    assert (response.vectors, response.usage.input_tokens) == (((1.0, 2.5),), tokens)


def test_models_and_profiles_are_listed() -> None:
    models = {"modelSummaries": [{"modelId": "amazon.nova-lite-v1:0", "providerName": "Amazon"}]}
    created = "2026-01-01T00:00:00Z"
    profiles = {"inferenceProfileSummaries": [{"inferenceProfileId": "us.x", "createdAt": created}], "nextToken": "n/1"}

    assert [(m.id, m.owned_by) for m in WIRE.parse_models(models)] == [("amazon.nova-lite-v1:0", "Amazon")]
    assert [(m.id, m.created) for m in WIRE.parse_models(profiles)] == [("us.x", 1_767_225_600)]
    assert WIRE.parse_next_page(models) is None
    assert WIRE.render_profiles(WIRE.parse_next_page(profiles)).path.endswith("&nextToken=n%2F1")
