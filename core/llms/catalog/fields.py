"""The fields of a row of the catalogue, beside the attributes of a class that mean the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# Facts that a class has as a row has them.
PLAIN: Final[Mapping[str, str]] = {
    "name": "DISPLAY_NAME",
    "family": "FAMILY",
    "context": "CONTEXT_WINDOW",
    "max_input": "MAX_INPUT_TOKENS",
    "max_output": "MAX_TOKENS",
    "sampling": "SAMPLING",
    "effort": "DEFAULT_REASONING_EFFORT",
    "dimensions": "EMBEDDING_DIMENSIONS",
    "replacement": "REPLACEMENT",
    "wire": "WIRE",
}
# Days, ISO in a row.
DATES: Final[Mapping[str, str]] = {
    "cutoff": "KNOWLEDGE_CUTOFF",
    "released": "RELEASED",
    "deprecated": "DEPRECATED",
    "retired": "RETIRED",
}
