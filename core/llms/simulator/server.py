"""The simulator: a loopback HTTP server, its life, and the way of a request through it.

Vendors' wires live in their rooms; here is only what they share: routing by path prefix, scripts, faults, records.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

from aiohttp import web

from core.llms.simulator import brain
from core.llms.simulator.access_tokens import AccessTokens
from core.llms.simulator.delivery import deliver, hang
from core.llms.simulator.exchange import Call, HttpReply, json_bytes, takes_script
from core.llms.simulator.faults import FAULT_HEADER, NO_FAULT, Fault, parse_fault
from core.llms.simulator.rate_limits import RateLimits
from core.llms.simulator.recording import RecordedRequest, record_request
from core.llms.simulator.script import Script, Step
from core.llms.simulator.stand_ins import replace_model
from core.llms.simulator.tokens import is_tokenizer_loaded
from core.llms.simulator.vendors import create_vendors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager

    from core.llms.simulator.conversation import Answer, Conversation
    from core.llms.simulator.exchange import Vendor

_LARGE_BODY_BYTES = 64 * 1024
_SHUTDOWN_SECONDS = 0.2


class Simulator:
    """A loopback server that speaks the vendors' wires.

    Use it as `async with Simulator() as sim:`, or from synchronous code as `with Simulator.in_thread() as sim:`.
    `port` 0 takes a free port. `api_key` is the key, or the keys, that are accepted; by default every key is, except
    an empty one and those that begin with `invalid`. `deployments` maps names of Azure deployments to models; by
    default every known model has one of its own name. `token_seconds` is how long an access token is good for, where a
    vendor gives one for a key. `keep_requests` bounds `requests`. `stand_ins` maps models that are not served, as those
    that are retired, to the models that answer for them.

    `requests` holds what was received, newest last, credentials replaced. `faults` holds faults that apply to every
    request until they are removed. `clients_disconnected` counts the requests whose client went away before the
    reply was whole.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        api_key: str | Iterable[str] | None = None,
        deployments: Mapping[str, str] | None = None,
        token_seconds: int = 3600,
        keep_requests: int = 1000,
        stand_ins: Mapping[str, str] | None = None,
    ) -> None:
        self._stand_ins = dict(stand_ins or {})
        self._host = host
        self._requested_port = port
        self._bound_port: int | None = None
        self._runner: web.ServerRunner | None = None
        self._handlers: set[asyncio.Task[Any]] = set()
        self._script = Script()
        self._calls = 0
        self._rate_limits = RateLimits()
        self._access_tokens = AccessTokens(token_seconds)
        self._vendors = create_vendors(_accepted_keys(api_key), deployments, self._rate_limits, self._access_tokens)
        self.faults: list[Fault] = []
        self.requests: deque[RecordedRequest] = deque(maxlen=keep_requests)
        self.clients_disconnected = 0

    @property
    def port(self) -> int:
        """The port it listens on. Raises: RuntimeError before it was started."""
        if self._bound_port is None:
            raise RuntimeError("the simulator is not started: use `async with Simulator() as sim:`")
        return self._bound_port

    @property
    def url(self) -> str:
        """The root address, without a slash at its end."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self.port}"

    def base_url(self, provider: str) -> str:
        """The base URL to give to `create_<provider>_llm`. Raises: KeyError for a provider that is not simulated."""
        paths = {vendor.provider: vendor.base_path for vendor in self._vendors}
        return f"{self.url}{paths[provider]}"

    @property
    def openai_base_url(self) -> str:
        """The base URL for OpenAI's SDKs."""
        return f"{self.url}/v1"

    @property
    def azure_endpoint(self) -> str:
        """The endpoint of a simulated Azure OpenAI resource; `/openai/v1` and `/openai/deployments` are below it."""
        return f"{self.url}/azure"

    @property
    def anthropic_base_url(self) -> str:
        """The base URL for Anthropic's SDKs; `/v1/messages` is below it."""
        return f"{self.url}/anthropic"

    @property
    def google_base_url(self) -> str:
        """The base URL of the Gemini API for Google's SDK; `/v1beta/models` is below it."""
        return f"{self.url}/google"

    @property
    def vertex_base_url(self) -> str:
        """The base URL of Vertex AI for Google's SDK; `/v1beta1/projects` is below it."""
        return f"{self.url}/vertex"

    @property
    def bedrock_base_url(self) -> str:
        """The endpoint of Amazon Bedrock for Amazon's SDKs, of its runtime and of its control plane."""
        return f"{self.url}/bedrock"

    @property
    def cohere_base_url(self) -> str:
        """The base URL for Cohere's SDK; `/v2/chat` is below it."""
        return f"{self.url}/cohere"

    @property
    def active_requests(self) -> int:
        """How many requests are being answered at this moment."""
        return len(self._handlers)

    def environment(self) -> dict[str, str]:
        """Environment variables that point the vendors' SDKs, and this one, at the simulator."""
        variables: dict[str, str] = {}
        for vendor in self._vendors:
            variables |= vendor.environment(self.url)
        return variables

    def script(self, *steps: Step | Iterable[Step]) -> None:
        """Queue replies and faults for the next requests: a text, a `Reply`, a `Fault` or a mapping each."""
        for step in steps:
            self._script.add(step if isinstance(step, list | tuple) else [step])  # type: ignore[list-item]  # narrowed above

    def rate_limit(self, *, requests_per_minute: int | None = None, tokens_per_minute: int | None = None) -> None:
        """Enforce limits for each key and model from now on; None leaves that dimension unlimited."""
        self._rate_limits.configure(requests_per_minute, tokens_per_minute)

    def expire_tokens(self) -> None:
        """End every access token given out so far, as if its time were over."""
        self._access_tokens.expire_all()

    def reset(self) -> None:
        """Forget scripts, standing faults, limits and records."""
        self._script.clear()
        self.faults.clear()
        self.requests.clear()
        self.rate_limit()
        self.clients_disconnected = 0

    async def start(self) -> None:
        """Begin to listen. Raises: RuntimeError when it is running, OSError when the port is taken."""
        if self._runner is not None:
            raise RuntimeError("the simulator is already running")
        server = web.Server(self._handle, handler_cancellation=True, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=_SHUTDOWN_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._requested_port, backlog=4096)
        await site.start()
        self._bound_port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Stop listening and end every request, hanging ones too."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        handlers = list(self._handlers)
        for handler in handlers:
            handler.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)
        await runner.cleanup()
        self._bound_port = None

    async def serve_forever(self) -> None:
        """Start if need be, and serve until cancelled."""
        if self._runner is None:
            await self.start()
        try:
            await hang()
        finally:
            await self.close()

    async def __aenter__(self) -> Simulator:
        await self.start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    @classmethod
    def in_thread(cls, **options: Any) -> AbstractContextManager[Simulator]:
        """A started simulator in a thread and event loop of its own, for synchronous code; takes the same options."""
        from core.llms.simulator.threads import running_in_thread

        return running_in_thread(cls, options)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        task = asyncio.current_task()
        assert task is not None
        self._handlers.add(task)
        try:
            return await self._serve(request)
        except (asyncio.CancelledError, ConnectionResetError) as error:
            if self._runner is not None:
                self.clients_disconnected += 1
            # The server ends a cancelled request quietly; a reset it would log with a traceback.
            raise asyncio.CancelledError from error
        finally:
            self._handlers.discard(task)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.content.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append(record_request(request.method, request.path, request.query, headers, body))
        vendor = next((room for room in self._vendors if _is_below(request.path, room.prefix)), None)
        if vendor is None:
            missing = {"error": {"message": f"The simulator serves nothing at {request.path}."}}
            return await deliver(request, HttpReply(404, body=json_bytes(missing)), NO_FAULT, b"")
        try:
            answer, fault = self._planned(vendor, request, headers)
        except ValueError as error:
            refusal = {"error": {"message": f"Invalid {FAULT_HEADER} header: {error}"}}
            return await deliver(request, HttpReply(400, body=json_bytes(refusal)), NO_FAULT, b"")
        self._calls += 1
        call = Call(
            method=request.method,
            path=request.path[len(vendor.prefix) :] or "/",
            target=request.raw_path,
            query=request.query,
            headers=headers,
            body=replace_model(body, self._stand_ins),
            number=self._calls,
            decide=_decider(answer),
        )
        if fault.latency:
            await asyncio.sleep(fault.latency)
        if fault.hang:
            await hang()
        reply = await self._reply(vendor, call, fault)
        return await deliver(request, reply, fault, vendor.stream_error(call, fault))

    async def _reply(self, vendor: Vendor, call: Call, fault: Fault) -> HttpReply:
        if fault.status is not None:
            return vendor.fail(call, fault)
        if len(call.body) < _LARGE_BODY_BYTES and is_tokenizer_loaded():
            return vendor.reply(call)
        return await asyncio.to_thread(vendor.reply, call)

    def _planned(
        self, vendor: Vendor, request: web.BaseRequest, headers: Mapping[str, str]
    ) -> tuple[Answer | None, Fault]:
        scripted = takes_script(vendor, request.method, request.path.removeprefix(vendor.prefix))
        answer, fault = self._script.next() if scripted else (None, NO_FAULT)
        for standing in self.faults:
            fault = standing.merged(fault)
        if FAULT_HEADER in headers:
            fault = fault.merged(parse_fault(headers[FAULT_HEADER]))
        return answer, fault


def _decider(answer: Answer | None) -> Callable[[Conversation, int], Answer]:
    if answer is None:
        return brain.decide
    return lambda conversation, choice: answer


def _is_below(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")


def _accepted_keys(api_key: str | Iterable[str] | None) -> frozenset[str] | None:
    if api_key is None:
        return None
    return frozenset([api_key] if isinstance(api_key, str) else api_key)
