"""The messages of Google's requests, field by field.

Facts: google-genai 3.4.0, `types.py` (`*Dict`), read 2026-11-21. Fields that only Vertex AI or only the Gemini API
takes are known to both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_RESOLUTION = (
    "enum:MEDIA_RESOLUTION_UNSPECIFIED|MEDIA_RESOLUTION_LOW|MEDIA_RESOLUTION_MEDIUM|MEDIA_RESOLUTION_HIGH|"
    "MEDIA_RESOLUTION_ULTRA_HIGH"
)
_CATEGORY = "enum:" + "|".join(
    f"HARM_CATEGORY_{name}"
    for name in (
        "UNSPECIFIED",
        "HARASSMENT",
        "HATE_SPEECH",
        "SEXUALLY_EXPLICIT",
        "DANGEROUS_CONTENT",
        "CIVIC_INTEGRITY",
        "JAILBREAK",
        "IMAGE_HATE",
        "IMAGE_HARASSMENT",
    )
)
_TYPE = "enum:TYPE_UNSPECIFIED|STRING|NUMBER|INTEGER|BOOLEAN|ARRAY|OBJECT|NULL"
_TASK = (
    "enum:TASK_TYPE_UNSPECIFIED|RETRIEVAL_QUERY|RETRIEVAL_DOCUMENT|SEMANTIC_SIMILARITY|CLASSIFICATION|CLUSTERING|"
    "QUESTION_ANSWERING|FACT_VERIFICATION|CODE_RETRIEVAL_QUERY"
)

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "GenerateContentRequest": {
        "model": "string",
        "contents": "[Content]",
        "systemInstruction": "Content",
        "tools": "[Tool]",
        "toolConfig": "ToolConfig",
        "safetySettings": "[SafetySetting]",
        "generationConfig": "GenerationConfig",
        "cachedContent": "string",
        "serviceTier": "enum:UNSPECIFIED|FLEX|STANDARD|PRIORITY",
        "store": "bool",
        "labels": "{string}",
        "modelArmorConfig": "struct",
    },
    "Content": {"parts": "[Part]", "role": "string"},
    "Part": {
        "text": "string",
        "thought": "bool",
        "thoughtSignature": "bytes",
        "inlineData": "Blob",
        "fileData": "FileData",
        "functionCall": "FunctionCall",
        "functionResponse": "FunctionResponse",
        "executableCode": "struct",
        "codeExecutionResult": "struct",
        "toolCall": "struct",
        "toolResponse": "struct",
        "videoMetadata": "VideoMetadata",
        "mediaResolution": "struct",
        "partMetadata": "struct",
    },
    "Blob": {"mimeType": "string", "data": "bytes", "displayName": "string"},
    "FileData": {"mimeType": "string", "fileUri": "string", "displayName": "string"},
    "FunctionCall": {"id": "string", "name": "string", "args": "struct"},
    "FunctionResponse": {
        "id": "string",
        "name": "string",
        "response": "struct",
        "parts": "[FunctionResponsePart]",
        "willContinue": "bool",
        "scheduling": "enum:SCHEDULING_UNSPECIFIED|SILENT|WHEN_IDLE|INTERRUPT",
    },
    "FunctionResponsePart": {"inlineData": "Blob", "fileData": "FileData"},
    "VideoMetadata": {"startOffset": "string", "endOffset": "string", "fps": "float"},
    "Tool": {
        "functionDeclarations": "[FunctionDeclaration]",
        "googleSearch": "struct",
        "googleSearchRetrieval": "struct",
        "codeExecution": "struct",
        "urlContext": "struct",
        "fileSearch": "struct",
        "computerUse": "struct",
        "googleMaps": "struct",
        "enterpriseWebSearch": "struct",
        "retrieval": "struct",
        "mcpServers": "[struct]",
    },
    "FunctionDeclaration": {
        "name": "string",
        "description": "string",
        "parameters": "Schema",
        "parametersJsonSchema": "value",
        "response": "Schema",
        "responseJsonSchema": "value",
        "behavior": "enum:UNSPECIFIED|BLOCKING|NON_BLOCKING",
    },
    "Schema": {
        "type": _TYPE,
        "format": "string",
        "title": "string",
        "description": "string",
        "nullable": "bool",
        "enum": "[string]",
        "items": "Schema",
        "properties": "{Schema}",
        "required": "[string]",
        "propertyOrdering": "[string]",
        "anyOf": "[Schema]",
        "additionalProperties": "value",
        "defs": "{Schema}",
        "ref": "string",
        "default": "value",
        "example": "value",
        "minItems": "int32",
        "maxItems": "int32",
        "minLength": "int32",
        "maxLength": "int32",
        "minProperties": "int32",
        "maxProperties": "int32",
        "minimum": "float",
        "maximum": "float",
        "pattern": "string",
    },
    "ToolConfig": {
        "functionCallingConfig": "FunctionCallingConfig",
        "retrievalConfig": "struct",
        "includeServerSideToolInvocations": "bool",
    },
    "FunctionCallingConfig": {
        "mode": "enum:MODE_UNSPECIFIED|AUTO|ANY|NONE|VALIDATED",
        "allowedFunctionNames": "[string]",
        "streamFunctionCallArguments": "bool",
    },
    "SafetySetting": {
        "category": _CATEGORY,
        "threshold": "enum:HARM_BLOCK_THRESHOLD_UNSPECIFIED|BLOCK_LOW_AND_ABOVE|BLOCK_MEDIUM_AND_ABOVE|"
        "BLOCK_ONLY_HIGH|BLOCK_NONE|OFF",
        "method": "enum:HARM_BLOCK_METHOD_UNSPECIFIED|SEVERITY|PROBABILITY",
    },
    "GenerationConfig": {
        "temperature": "float",
        "topP": "float",
        "topK": "float",
        "candidateCount": "int32",
        "maxOutputTokens": "int32",
        "stopSequences": "[string]",
        "responseMimeType": "string",
        "responseSchema": "Schema",
        "responseJsonSchema": "value",
        "seed": "int32",
        "presencePenalty": "float",
        "frequencyPenalty": "float",
        "responseLogprobs": "bool",
        "logprobs": "int32",
        "responseModalities": "[enum:MODALITY_UNSPECIFIED|TEXT|IMAGE|AUDIO]",
        "mediaResolution": _RESOLUTION,
        "speechConfig": "struct",
        "thinkingConfig": "ThinkingConfig",
        "audioTimestamp": "bool",
        "enableEnhancedCivicAnswers": "bool",
        "imageConfig": "struct",
        "routingConfig": "struct",
        "modelSelectionConfig": "struct",
    },
    "ThinkingConfig": {
        "includeThoughts": "bool",
        "thinkingBudget": "int32",
        "thinkingLevel": "enum:THINKING_LEVEL_UNSPECIFIED|MINIMAL|LOW|MEDIUM|HIGH|XHIGH",
    },
    "CountTokensRequest": {
        "model": "string",
        "contents": "[Content]",
        "generateContentRequest": "GenerateContentRequest",
        "systemInstruction": "Content",
        "tools": "[Tool]",
        "generationConfig": "GenerationConfig",
    },
    "EmbedContentRequest": {
        "model": "string",
        "content": "Content",
        "taskType": _TASK,
        "title": "string",
        "outputDimensionality": "int32",
        "autoTruncate": "bool",
        "embedContentConfig": "EmbedContentConfig",
    },
    "EmbedContentConfig": {
        "taskType": _TASK,
        "title": "string",
        "outputDimensionality": "int32",
        "autoTruncate": "bool",
        "documentOcr": "bool",
        "audioTrackExtraction": "bool",
    },
    "BatchEmbedContentsRequest": {"requests": "[EmbedContentRequest]", "model": "string"},
    "PredictRequest": {"instances": "[EmbedInstance]", "parameters": "EmbedParameters"},
    "EmbedInstance": {"content": "string", "taskType": _TASK, "title": "string", "mimeType": "string"},
    "EmbedParameters": {"outputDimensionality": "int32", "autoTruncate": "bool"},
}
