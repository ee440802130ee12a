"""Talking with a server that may lack something: its refusal teaches, and the request is sent once more."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from core.llms.context import LLMContext
from core.llms.errors import APIError
from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.exchange import Exchange
from core.llms.providers.base.learning.lessons import LESSONS, Lesson, find_lesson
from core.llms.runtime.middleware import EventStream
from core.llms.types.request import LLMRequest
from core.llms.types.response import LLMResponse
from core.llms.wires.base import RenderedRequest
from core.llms.wires.openai_chat import ChatDialect, OpenAIChatWire


class LearningChatWire(OpenAIChatWire):
    """Chat completions without what this server is known to lack; each change is a warning of the answer.

    `lessons` is what was learned so far, shared by all that call the same model at the same server.
    """

    def __init__(self, dialect: ChatDialect, lessons: set[Lesson]) -> None:
        super().__init__(dialect)
        self.lessons = lessons

    def render_request(self, request: LLMRequest) -> RenderedRequest:
        return self._render(request, self.lessons)

    def learn(self, error: APIError, request: LLMRequest, applied: frozenset[Lesson]) -> bool:
        """Learn from the refusal of a request that went out with the lessons `applied`; say whether it taught any."""
        rendered = self._render(request, applied)
        lesson = find_lesson(error, rendered.body, request.provider_options.keys(), applied)
        if lesson is not None:
            self.lessons.add(lesson)
        return lesson is not None

    def _render(self, request: LLMRequest, lessons: Collection[Lesson]) -> RenderedRequest:
        rendered = super().render_request(request)
        if not lessons:
            return rendered
        body: dict[str, Any] = dict(rendered.body)
        told = [
            lesson.warning
            for lesson in LESSONS
            if lesson in lessons and lesson.field not in request.provider_options and lesson.rewrite(body)
        ]
        return replace(rendered, body=body, warnings=(*rendered.warnings, *told))


class LearningExchange(Exchange):
    """Sends a refused request again, without what it taught. Each lesson is learned once: that bounds it."""

    def __init__(self, connector: BaseConnector, wire: LearningChatWire, provider: str) -> None:
        super().__init__(connector, wire, provider)
        self._learning_wire = wire

    async def answer(self, request: LLMRequest, ctx: LLMContext) -> LLMResponse:
        while True:
            applied = frozenset(self._learning_wire.lessons)
            try:
                return await super().answer(request, ctx)
            except APIError as error:
                if not self._learning_wire.learn(error, request, applied):
                    raise

    async def stream(self, request: LLMRequest, ctx: LLMContext) -> EventStream:
        began = False
        while True:
            applied = frozenset(self._learning_wire.lessons)
            try:
                async with aclosing(super().stream(request, ctx)) as events:
                    async for event in events:
                        began = True
                        yield event
                return
            except APIError as error:
                if began or not self._learning_wire.learn(error, request, applied):
                    raise
