"""Export and import over SQLite and PostgreSQL: round trips, all or nothing, access, audit, history and secrets."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.provider_config.access.operations import Scope
from core.llms.provider_config.access.roles import Role
from core.llms.provider_config.credentials.encryption_keys import generate_key
from core.llms.provider_config.errors import ConfigValidationError
from core.llms.provider_config.schemas import LLMParametersCreate, PromptTemplateCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.provider_config.transfer.report import ImportRefusedError, ImportReport
from core.llms.provider_config.transfer.writing import render_json, render_yaml
from core.llms.simulator import Simulator
from tests.support.stored_settings import store_settings

OWN = "openai/gpt-4.1-mini"
OTHER = "openai/gpt-4.1"
GROQ = "groq/openai/gpt-oss-20b"


def document(**sections: Any) -> dict[str, Any]:
    return {"core_llms_providers": 1, **sections}


TEAM = document(
    parameters={"calm": {"temperature": 0.2}, "wild": {"temperature": 1.5, "max_new_tokens": 100}},
    prompt_templates={"plain": {"system_prompt": "Be brief."}},
    configurations={
        OTHER: {"parameters": "wild", "is_active": False},
        OWN: {"alias": "support", "is_active": True, "parameters": "calm", "prompt_template": "plain"},
    },
)


def outcomes(report: ImportReport) -> dict[str, str]:
    return {f"{item.kind} {item.name}": item.outcome for item in report.items}


def changes(report: ImportReport) -> list[str]:
    return [f"{item.name} {change}" for item in report.items for change in item.changes]


def changed(base: dict[str, Any], section: str, name: str, **fields: Any) -> dict[str, Any]:
    return {**base, section: {**base[section], name: {**base[section].get(name, {}), **fields}}}


async def test_what_was_imported_is_exported_equal_and_imported_again_unchanged(
    service: ProviderConfigService, sim: Simulator
) -> None:
    report = await service.transfer.import_(TEAM)
    assert (report.is_kept, set(outcomes(report).values())) == (True, {"created"})
    assert [item.name for item in report.items] == ["calm", "wild", "plain", OTHER, OWN]
    exported = await service.transfer.export()
    assert (exported.content(), exported.left_out) == (TEAM, ())
    before = await service.list_providers()
    again = await service.transfer.import_(exported)
    assert (again.is_kept, set(outcomes(again).values())) == (True, {"unchanged"})
    assert await service.list_providers() == before
    assert not sim.requests
    entries = await service.audit.list_entries()
    assert [(entry.action, entry.kind) for entry in reversed(entries)] == [
        ("import", "parameters"), ("import", "parameters"), ("import", "prompt_template"),
        ("import", "configuration"), ("import", "configuration"),
    ]  # fmt: skip


async def test_an_import_changes_what_it_names_and_says_which_fields(service: ProviderConfigService) -> None:
    await service.transfer.import_(TEAM)
    newer = changed(TEAM, "parameters", "wild", temperature=1.0, max_new_tokens=None)
    newer = changed(newer, "configurations", OWN, alias="desk", prompt_template=None)
    newer = changed(newer, "configurations", "openai/gpt-6-luna", parameters="calm")
    newer = {**newer, "prompt_templates": {}}
    report = await service.transfer.import_(newer)
    assert outcomes(report) == {
        "parameters calm": "unchanged", "parameters wild": "changed",
        f"configuration {OTHER}": "unchanged", f"configuration {OWN}": "changed",
        "configuration openai/gpt-6-luna": "created",
    }  # fmt: skip
    assert changes(report) == [
        "wild max_new_tokens: 100 -> None", "wild temperature: 1.5 -> 1.0",
        f"{OWN} alias: 'support' -> 'desk'", f"{OWN} prompt_template: 'plain' -> None",
    ]  # fmt: skip
    nano = await service.get_provider_model("openai", "gpt-6-luna")
    assert nano is not None
    assert (nano.is_active, nano.verification_status) == (True, "pending")
    # What is not named stays, and so does whether it is on where the document does not say.
    assert await service.prompt_templates.get("plain") is not None
    await service.update_provider_model("openai", "gpt-6-luna", {"is_active": False})
    again = await service.transfer.import_(newer)
    assert set(outcomes(again).values()) == {"unchanged"}
    history = await service.revisions.history("openai", "gpt-4.1-mini")
    assert [(revision.number, revision.action) for revision in history] == [(2, "import"), (1, "import")]
    await service.revisions.rollback("openai", "gpt-4.1-mini", 1)
    back = await service.get_by_alias("support")
    assert back is not None
    assert back.prompt_template is not None


async def test_two_aliases_can_be_changed_for_each_other_s(service: ProviderConfigService) -> None:
    swapped = changed(changed(TEAM, "configurations", OTHER, alias="a"), "configurations", OWN, alias="b")
    await service.transfer.import_(swapped)
    swapped = changed(changed(swapped, "configurations", OTHER, alias="b"), "configurations", OWN, alias="a")
    report = await service.transfer.import_(swapped)
    assert changes(report) == [f"{OTHER} alias: 'a' -> 'b'", f"{OWN} alias: 'b' -> 'a'"]
    assert (await service.transfer.export()).content() == swapped
    other = await service.get_by_alias("b")
    assert other is not None
    assert (other.model_id, other.version) == ("gpt-4.1", 2)


async def test_one_refusal_keeps_everything_out_and_all_refusals_are_said(service: ProviderConfigService) -> None:
    await service.transfer.import_(TEAM)
    before = await service.transfer.export(), await service.list_providers(), await service.audit.list_entries()
    wrong = document(
        parameters={"calm": {"temperature": 0.9}, "long": {"max_new_tokens": 99_999_999}},
        configurations={
            "openai/gpt-6-luna": {"parameters": "long"},
            "openia/m": {"parameters": "calm"},
            GROQ: {"parameters": "none"},
            "groq/openai/gpt-oss-120b": {"parameters": "calm", "prompt_template": "none"},
            "groq/qwen/qwen3-32b": {"parameters": "calm", "credential": "none"},
            "openai/gpt-4o": {"parameters": "calm", "alias": "support"},
            OWN: {"parameters": "calm", "alias": "support", "workspace": "other"},
        },
    )
    with pytest.raises(ImportRefusedError) as caught:
        await service.transfer.import_(wrong)
    report = caught.value.report
    assert not report.is_kept
    reasons = {item.name: item.reason or "" for item in report.of("refused")}
    told = {
        "openai/gpt-6-luna": "`max_new_tokens`: ",
        "openia/m": "no provider is called 'openia'; did you mean 'openai'?",
        GROQ: "no parameters are called 'none', neither in the document nor in the database",
        "groq/openai/gpt-oss-120b": "no prompt template is called 'none'",
        "groq/qwen/qwen3-32b": "no credential is called 'none'; store it first, then import",
        "openai/gpt-4o": "the alias 'support' is that of openai/gpt-4.1-mini; choose another",
        OWN: "it belongs to the workspace 'default' of 'default', and is not moved",
    }
    assert {name for name, reason in told.items() if reason not in reasons[name]} == set()
    assert reasons.keys() == told.keys()
    after = await service.transfer.export(), await service.list_providers(), await service.audit.list_entries()
    assert after == before
    dry = await service.transfer.import_(wrong, dry_run=True)
    assert (dry.items, dry.is_kept) == (report.items, False)


async def test_parameters_that_another_user_of_them_would_refuse_are_refused(service: ProviderConfigService) -> None:
    await service.transfer.import_(TEAM)
    await service.transfer.import_(document(configurations={"openai/gpt-3.5-turbo": {"parameters": "wild"}}))
    longer = document(parameters={"wild": {"max_new_tokens": 20_000}})
    with pytest.raises(ImportRefusedError, match=r"parameters 'wild' refused: openai/gpt-3.5-turbo: `max_new_tokens`"):
        await service.transfer.import_(longer)
    # In the same document it may get others.
    moved = {**longer, "configurations": {"openai/gpt-3.5-turbo": {"parameters": "calm"}}}
    assert set(outcomes(await service.transfer.import_(moved)).values()) == {"changed"}


async def test_create_changes_nothing_that_is_there(service: ProviderConfigService) -> None:
    await service.transfer.import_(TEAM, mode="create")
    assert set(outcomes(await service.transfer.import_(TEAM, mode="create")).values()) == {"unchanged"}
    newer = changed(TEAM, "parameters", "calm", temperature=0.9)
    newer = changed(newer, "configurations", OWN, alias="desk")
    with pytest.raises(ImportRefusedError) as caught:
        await service.transfer.import_(newer, mode="create")
    assert [item.reason for item in caught.value.report.of("refused")] == [
        "it is there with other values (temperature: 0.2 -> 0.9); import with `merge`",
        "it is there with other values (alias: 'support' -> 'desk'); import with `merge`",
    ]
    assert (await service.transfer.export()).content() == TEAM


async def test_a_dry_run_reports_what_an_import_does_and_keeps_nothing(service: ProviderConfigService) -> None:
    generation = await service.read_changes(-1)
    report = await service.transfer.import_(TEAM, dry_run=True)
    assert (report.is_kept, set(outcomes(report).values())) == (False, {"created"})
    assert await service.read_changes(-1) == generation
    assert (await service.transfer.export()).content() == document()
    assert await service.audit.list_entries() == []
    assert (await service.transfer.import_(TEAM)).items == report.items


async def test_every_row_is_checked_for_the_actor_and_every_denial_is_in_the_audit(
    service: ProviderConfigService,
) -> None:
    await service.transfer.import_(TEAM)
    await service.access.grant("ann", Role.EDITOR)
    newer = changed(TEAM, "parameters", "calm", temperature=0.5)
    newer = changed(newer, "configurations", OWN, description="x")
    report = await service.transfer.import_(newer, actor="ann")
    assert len(report.of("changed")) == 2
    denied = changed(newer, "configurations", OWN, is_active=False, base_url="https://a.example/v1")
    denied = changed(denied, "configurations", "openai/gpt-6-luna", parameters="calm")
    denied = changed(denied, "configurations", OTHER, is_active=True, description="y")
    with pytest.raises(ImportRefusedError) as caught:
        await service.transfer.import_(denied, actor="ann")
    assert [item.name for item in caught.value.report.of("refused")] == [OTHER, OWN, "openai/gpt-6-luna"]
    entries = await service.audit.list_entries(outcome="denied")
    assert [(entry.actor, entry.action, entry.name, entry.scope.model) for entry in reversed(entries)] == [
        ("ann", "import", "activate", "gpt-4.1"),
        ("ann", "import", "activate", "gpt-4.1-mini"),
        ("ann", "import", "register", "gpt-6-luna"),
    ]
    assert (await service.transfer.export()).content() == newer
    assert (await service.audit.verify_audit_chain()).is_intact


async def test_an_export_has_what_the_actor_may_see(service: ProviderConfigService) -> None:
    placed = changed(TEAM, "configurations", OTHER, workspace="research")
    placed = changed(placed, "parameters", "wild", workspace="research")
    await service.transfer.import_(placed)
    await service.access.grant("ann", Role.VIEWER, Scope("default", "research"))
    seen = (await service.transfer.export(actor="ann")).content()
    assert seen == document(
        parameters={"wild": placed["parameters"]["wild"]}, configurations={OTHER: placed["configurations"][OTHER]}
    )
    assert (await service.transfer.export(actor="bob")).content() == document()
    groq = changed(placed, "configurations", GROQ, parameters="calm", is_active=True)
    await service.transfer.import_(groq)
    one = (await service.transfer.export(provider="groq")).content()
    assert one == document(
        parameters={"calm": TEAM["parameters"]["calm"]}, configurations={GROQ: groq["configurations"][GROQ]}
    )


async def test_verification_comes_after_and_switches_on_what_answers(
    service: ProviderConfigService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.transfer.import_(TEAM)
    newer = changed(TEAM, "parameters", "calm", temperature=0.4)
    newer = changed(newer, "configurations", OTHER, description="x")
    newer = changed(newer, "configurations", "openai/gpt-4o", parameters="calm", api_key_env="WRONG_KEY")
    newer = changed(newer, "configurations", "openai/gpt-6-luna", parameters="calm")
    newer = changed(newer, "configurations", "openai/gpt-5-mini", parameters="calm", is_active=False)
    monkeypatch.setenv("WRONG_KEY", "invalid-key")
    report = await service.transfer.import_(newer, verify=True)
    assert report.is_kept
    assert list(report.not_verified) == ["openai/gpt-4o"]
    states = {
        config.model_id: (config.is_active, config.verification_status)
        for config in (await service.list_providers()).providers
    }
    assert states == {
        "gpt-4o": (False, "failed"), "gpt-4.1": (False, "verified"), "gpt-4.1-mini": (True, "pending"),
        "gpt-6-luna": (True, "verified"), "gpt-5-mini": (False, "verified"),
    }  # fmt: skip


async def test_credentials_go_by_name_and_secrets_stay_where_they_are(
    service: ProviderConfigService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORE_LLMS_ENCRYPTION_KEYS", f"one:{generate_key()}")
    monkeypatch.setenv("TEAM_TOKEN", "canary-77aa")
    team = await service.credentials.create("team", "openai", {"api_key": "canary-1111"})
    await service.register_provider_model(
        "openai", "gpt-4.1-mini", LLMParametersCreate(name="p"), PromptTemplateCreate(name="t"), verify=False,
        credential_id=team.id, description="it is canary-77aa", base_url="https://a.example/v1?api_key=canary-2222",
    )  # fmt: skip
    settings = {"api_token": "canary-3333", "organization": "org", "default_headers": {"Authorization": "canary-4"}}
    await store_settings(service.database, "openai", "gpt-4.1-mini", settings)
    exported = await service.transfer.export()
    assert exported.content()["configurations"][OWN] == {
        "settings": {"default_headers": {}, "organization": "org"}, "is_active": True, "parameters": "p",
        "prompt_template": "t", "credential": "team",
    }  # fmt: skip
    assert "canary" not in render_yaml(exported) + render_json(exported) + repr(exported)
    path = f"configurations.{OWN}"
    assert exported.left_out == (
        f"{path}.base_url", f"{path}.description", f"{path}.settings.api_token",
        f"{path}.settings.default_headers.Authorization",
    )  # fmt: skip
    # What was left out stays when the document comes back.
    before = await service.get_provider_model("openai", "gpt-4.1-mini")
    assert set(outcomes(await service.transfer.import_(exported)).values()) == {"unchanged"}
    newer = changed(exported.content(), "configurations", OWN, description="plain", settings={"organization": "o"})
    report = await service.transfer.import_(newer)
    assert "canary" not in repr(report)
    after = await service.get_provider_model("openai", "gpt-4.1-mini")
    assert before is not None
    assert after is not None
    assert (after.base_url, after.description) == (before.base_url, "plain")
    assert after.settings == {**before.settings, "organization": "o"}
    await service.access.grant("ann", Role.ADMIN)
    await service.access.deny("ann", Role.USER, Scope(provider="groq"))
    with pytest.raises(ImportRefusedError, match="'team' is a credential of openai, not of groq"):
        await service.transfer.import_(document(configurations={GROQ: {"parameters": "p", "credential": "team"}}))


async def test_a_mapping_that_is_no_document_is_refused(service: ProviderConfigService) -> None:
    with pytest.raises(ConfigValidationError, match="document: core_llms_providers: it is missing"):
        await service.transfer.import_({"configurations": {}})
