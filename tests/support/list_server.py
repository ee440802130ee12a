"""A real HTTP server in a thread that publishes lists of models: ETags, conditions, and faults on demand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Fault = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class ListServer:
    """`content` and `faults` by path; a fault answers in place of the content. `requests` are paths with headers."""

    url: str = ""
    content: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def urls(self, *names: str) -> dict[str, str]:
        return {name: f"{self.url}/{name}" for name in names or ("models.dev", "litellm", "genai-prices")}

    def conditions(self) -> list[str | None]:
        """The ETags that were asked with."""
        return [headers.get("If-None-Match") for _, headers in self.requests]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        name = handler.path.removeprefix("/")
        self.requests.append((name, dict(handler.headers.items())))
        if name in self.faults:
            self.faults[name](handler)
            return
        body = self.content.get(name)
        if body is None:
            respond(handler, b"nothing here", status=404)
            return
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        if handler.headers.get("If-None-Match") == etag:
            respond(handler, b"", status=304, ETag=etag)
        else:
            respond(handler, body, ETag=etag)


def respond(handler: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, length: int | None = None,
            **headers: str) -> None:  # fmt: skip
    """Answer; with a `length` that is not the body's the answer is cut."""
    handler.send_response(status)
    if status != 304:
        handler.send_header("Content-Length", str(len(body) if length is None else length))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def list_server() -> Iterator[ListServer]:
    """Serve on a free port."""
    served = ListServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.answer(self)

        def log_message(self, format: str, *arguments: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served
    finally:
        served.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
