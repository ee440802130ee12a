"""`core-llms serve-config`: the REST API over the database that the environment names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.failures import guard
from core.llms.cli.options import DebugOption
from core.llms.cli.terminal import Terminal


def serve_config(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8484,
    workers: Annotated[int, typer.Option(min=1, help="How many processes answer.")] = 1,
    tls_cert: Annotated[Path | None, typer.Option(help="A file with the certificate, and what it hangs from.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="A file with the certificate's private key.")] = None,
    behind_proxy: Annotated[bool, typer.Option("--behind-proxy", help="A proxy before it does TLS.")] = False,
    proxy_address: Annotated[
        list[str] | None,
        typer.Option(help="With --behind-proxy: where the proxy is, if not on this machine; repeatable."),
    ] = None,
    no_openapi: Annotated[bool, typer.Option("--no-openapi", help="Do not serve /openapi.json.")] = False,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="Make the database's tables first, or bring them up to date.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON line, with the url, once it listens.")] = False,
    debug: DebugOption = False,
) -> int:
    """Serve configured models over HTTP, until Ctrl-C or SIGTERM. Callers need a token: `providers token create`."""
    terminal = Terminal(as_json=json, debug=debug)
    if proxy_address and not behind_proxy:
        raise typer.BadParameter("give --behind-proxy, too", param_hint="--proxy-address")

    def run() -> ExitCode:
        from core.llms.provider_config.server import require_extra

        require_extra()
        from core.llms.provider_config.server.process import ServerOptions, serve

        defaults = ServerOptions()
        options = ServerOptions(
            host=host,
            port=port,
            workers=workers,
            certificate=tls_cert,
            private_key=tls_key,
            behind_proxy=behind_proxy,
            proxies=proxy_address or defaults.proxies,
            openapi=not no_openapi,
            upgrade=upgrade,
        )
        serve(options, lambda url: _announce(url, terminal))
        return ExitCode.OK

    return guard(run, terminal)


def _announce(url: str, terminal: Terminal) -> None:
    if terminal.as_json:
        terminal.write_json({"url": url})
    else:
        terminal.write(f"# The API is at {url}/v1, its description at {url}/openapi.json; Ctrl-C ends it.\n")
