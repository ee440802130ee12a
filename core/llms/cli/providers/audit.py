"""`core-llms providers audit`: what was done and by whom, and whether all of that is as it was written."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.config_facts import mask
from core.llms.cli.providers.configured import UpgradeOption, with_service
from core.llms.cli.tables import print_table
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.audit.chain import AuditAnchor
    from core.llms.provider_config.audit.entries import AuditEntry
    from core.llms.provider_config.service import ProviderConfigService

_COLUMNS: Final = ("entry", "at", "actor", "action", "outcome", "kind", "name", "details")
_ANCHOR: Final = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


def _read_anchor(value: str | None) -> str | None:
    if value is not None and not _ANCHOR.fullmatch(value):
        raise typer.BadParameter("it looks like SEQ:HASH, as an earlier --verify wrote it")
    return value


def audit(
    since: Annotated[datetime | None, typer.Option(help="From this moment on, in UTC.")] = None,
    until: Annotated[datetime | None, typer.Option(help="Before this moment, in UTC.")] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Of one actor.")] = None,
    kind: Annotated[
        str | None, typer.Option(help="configuration, parameters, prompt_template, credential, grant or access.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Of one thing, as in openai/gpt-4.1-mini.")] = None,
    denied: Annotated[bool, typer.Option("--denied", help="What was denied alone.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most this many, the newest.")] = 50,
    verify: Annotated[bool, typer.Option("--verify", help="Check that no entry was changed or removed.")] = False,
    anchor: Annotated[
        str | None,
        typer.Option(metavar="SEQ:HASH", callback=_read_anchor, help="With --verify: what an earlier one wrote."),
    ] = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """List what was done, newest first; or, with --verify, check it: exit code 9 where it is not as it was written."""
    if anchor is not None and not verify:
        raise typer.BadParameter("it goes with --verify", param_hint="--anchor")
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        if verify:
            return await _verify(service, anchor, terminal)
        entries = await service.audit.list_entries(
            since=_utc(since), until=_utc(until), by=by, kind=kind, name=name,
            outcome="denied" if denied else None, limit=limit,
        )  # fmt: skip
        if terminal.as_json:
            terminal.write_json([_facts(entry) for entry in entries])
        elif entries:
            print_table(_COLUMNS, map(_row, entries), (0,))
        else:
            terminal.warn("the audit has no entry of these")
        return ExitCode.OK

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


async def _verify(service: ProviderConfigService, text: str | None, terminal: Terminal) -> ExitCode:
    found = await service.audit.verify_audit_chain(_anchor(text))
    end = f"{found.head.sequence}:{found.head.hash}"
    if terminal.as_json:
        problems = [{"sequence": each.sequence, "problem": each.problem} for each in found.problems]
        facts = {"entries": found.entries, "anchor": end, "is_intact": found.is_intact, "problems": problems}
        terminal.write_json(facts)
    for problem in found.problems:
        terminal.error(str(problem))
    if not found.is_intact:
        return ExitCode.NOT_WHOLE
    if not terminal.as_json:
        terminal.write(f"{found.entries} entries, all as they were written; anchor {end}\n")
    return ExitCode.OK


def _anchor(text: str | None) -> AuditAnchor | None:
    from core.llms.provider_config.audit.chain import AuditAnchor

    if text is None:
        return None
    sequence, _, digest = text.partition(":")
    return AuditAnchor(int(sequence), digest)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def _row(entry: AuditEntry) -> tuple[str, ...]:
    return (
        str(entry.sequence),
        f"{entry.at:%Y-%m-%d %H:%M:%S}",
        entry.actor,
        entry.action,
        entry.outcome,
        entry.kind,
        entry.name,
        str(entry.scope) if entry.outcome == "denied" else _describe(mask(entry.details)),
    )


def _describe(details: dict[str, Any]) -> str:
    changes = details.get("changes", {})
    told = [f"{field}: {before!r} -> {after!r}" for field, (before, after) in changes.items()]
    return "; ".join([*told, *(f"{name}: {value}" for name, value in details.items() if name != "changes")])


def _facts(entry: AuditEntry) -> dict[str, Any]:
    scope = {level: getattr(entry.scope, level) for level in ("organisation", "workspace", "provider", "model")}
    told = {name: getattr(entry, name) for name in ("sequence", "actor", "action", "outcome", "kind", "name")}
    chain = {"previous_hash": entry.previous_hash, "hash": entry.hash}
    return {**told, "at": entry.at.isoformat(), "scope": scope, "details": mask(entry.details), **chain}
