"""The vendors whose answers the benchmark's server gives, each in the shape that it has."""

from __future__ import annotations

from tests.benchmarks.vendors.anthropic import ANTHROPIC
from tests.benchmarks.vendors.google import GOOGLE
from tests.benchmarks.vendors.openai import OPENAI

VENDORS = (OPENAI, ANTHROPIC, GOOGLE)
