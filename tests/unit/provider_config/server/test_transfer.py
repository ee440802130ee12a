"""Documents over HTTP: what the command writes and reads, with its dry run, and refusals as problems."""

from __future__ import annotations

import gzip
from typing import Any

import httpx
import pytest

from core.llms.provider_config.access.roles import Role
from core.llms.provider_config.server import create_app
from core.llms.provider_config.server.media_types import JSON, YAML, choose
from core.llms.provider_config.server.routes.transfer import MOST_ENTRIES
from core.llms.provider_config.service import ProviderConfigService
from core.llms.provider_config.transfer.writing import render_json, render_yaml
from core.llms.simulator import Simulator
from tests.support.stored_settings import store_settings
from tests.unit.provider_config.server.conftest import ONE, NewClient, problem_of

AS_YAML, AS_JSON = {"Content-Type": YAML}, {"Content-Type": JSON}
DOCUMENT = """\
core_llms_providers: 1
parameters:
  calm:
    temperature: 0.7
configurations:
  openai/gpt-4.1:
    alias: new
    parameters: calm
"""


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/yaml", YAML),
        ("text/yaml", YAML),
        ("application/x-yaml;q=0.5, application/json;q=0.4", YAML),
        ("application/yaml, */*;q=0.1", YAML),
        ("application/json;q=0, */*", YAML),
        ("text/html", None),
        ("application/json;q=0", None),
        ("application/json;q=much", None),
    ],
)
def test_the_caller_chooses_the_media_type(accept: str | None, chosen: str | None) -> None:
    assert choose(accept, (JSON, YAML)) == chosen


@pytest.mark.parametrize(("media_type", "render"), [(YAML, render_yaml), (JSON, render_json)])
async def test_an_export_is_the_document_that_the_command_writes_and_goes_back_in(
    registered: httpx.AsyncClient, service: ProviderConfigService, media_type: str, render: Any
) -> None:
    exported = await registered.get("/v1/export", headers={"Accept": media_type})
    assert exported.headers["content-type"] == media_type + ("; charset=utf-8" if media_type.startswith("text") else "")
    assert exported.text == render(await service.transfer.export())
    assert exported.headers["vary"] == "Accept"
    known = {"Accept": media_type, "If-None-Match": exported.headers["etag"]}
    assert (await registered.get("/v1/export", headers=known)).status_code == 304
    report = await registered.post("/v1/import", content=exported.content, headers={"Content-Type": media_type})
    assert (report.status_code, report.json()["is_kept"]) == (200, True)
    assert {item["outcome"] for item in report.json()["items"]} == {"unchanged"}
    one = await registered.get("/v1/export?provider=anthropic", headers={"Accept": media_type})
    assert "gpt-4.1-mini" not in one.text
    assert problem_of(await registered.get("/v1/export", headers={"Accept": "text/html"})) == (406, "not-acceptable")


async def test_an_export_has_no_secret_and_names_what_it_leaves_out(
    registered: httpx.AsyncClient, service: ProviderConfigService
) -> None:
    canary = "canary-7f3a91c2"
    await store_settings(service.database, "openai", "gpt-4.1-mini", {"x_token": canary})
    exported = await registered.get("/v1/export")
    assert canary not in exported.text
    assert exported.headers["x-left-out"] == "configurations.openai/gpt-4.1-mini.settings.x_token"


async def test_a_dry_run_tells_what_would_be_done_and_does_nothing(
    registered: httpx.AsyncClient, sim: Simulator
) -> None:
    asked = len(sim.requests)
    tried = await registered.post("/v1/import?dry_run=true", content=DOCUMENT, headers=AS_YAML)
    items = [(item["kind"], item["name"], item["outcome"]) for item in tried.json()["items"]]
    assert items == [("parameters", "calm", "changed"), ("configuration", "openai/gpt-4.1", "created")]
    assert {"field": "temperature", "before": 0.2, "after": 0.7} in tried.json()["items"][0]["changes"]
    assert tried.json()["is_kept"] is False
    assert (await registered.get("/v1/parameters/calm")).json()["version"] == 1
    done = await registered.post("/v1/import?verify=true", content=DOCUMENT, headers=AS_YAML)
    assert (done.json()["items"], done.json()["is_kept"]) == (tried.json()["items"], True)
    assert (await registered.get("/v1/configurations/openai/gpt-4.1")).json()["verification_status"] == "verified"
    assert len(sim.requests) > asked


async def test_what_does_not_verify_after_an_import_is_told(
    registered: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAM_KEY", "invalid-key")
    document = DOCUMENT + "    api_key_env: TEAM_KEY\n"
    done = await registered.post("/v1/import?verify=true", content=document, headers=AS_YAML)
    assert (done.status_code, list(done.json()["not_verified"])) == (200, ["openai/gpt-4.1"])
    assert (await registered.get("/v1/configurations/openai/gpt-4.1")).json()["is_active"] is False


async def test_a_refused_import_is_a_problem_with_the_report_and_stores_nothing(registered: httpx.AsyncClient) -> None:
    refused = await registered.post("/v1/import?mode=create", content=DOCUMENT, headers=AS_YAML)
    assert problem_of(refused) == (422, "import-refused")
    report = refused.json()["report"]
    assert [(item["name"], item["outcome"]) for item in report["items"]] == [
        ("calm", "refused"), ("openai/gpt-4.1", "created"),
    ]  # fmt: skip
    assert (report["is_kept"], report["items"][0]["reason"] in refused.json()["detail"]) == (False, True)
    assert problem_of(await registered.get("/v1/configurations/openai/gpt-4.1")) == (404, "not-found")
    tried = await registered.post("/v1/import?mode=create&dry_run=true", content=DOCUMENT, headers=AS_YAML)
    assert (tried.status_code, tried.json()) == (200, report)


@pytest.mark.parametrize(
    ("content", "headers", "status", "kind", "told"),
    [
        ("core_llms_providers: 1\nx: {}\n", AS_YAML, 422, "invalid", "document.yaml:2: x: there is no such section"),
        ("a: *b\n", AS_YAML, 422, "invalid", "references"),
        ('{"core_llms_providers": 1, "core_llms_providers": 1}', AS_JSON, 422, "invalid", "given twice"),
        ("core_llms_providers: 1\n", AS_JSON, 422, "invalid", "it is no JSON"),
        (b"\xff", AS_YAML, 422, "invalid", "no text in UTF-8"),
        ("[1]", AS_JSON, 422, "invalid", "it holds no document"),
        (DOCUMENT, {"Content-Type": "text/plain"}, 415, "unsupported-media-type", "application/yaml"),
        (DOCUMENT, {}, 415, "unsupported-media-type", "application/yaml"),
        (gzip.compress(DOCUMENT.encode()), AS_YAML, 422, "invalid", "no text in UTF-8"),
    ],
    ids=["section", "reference", "twice", "yaml as json", "bytes", "list", "text", "untyped", "compressed"],
)
async def test_what_is_no_document_is_refused_with_what_is_wrong(
    owner: httpx.AsyncClient, content: str | bytes, headers: dict[str, str], status: int, kind: str, told: str
) -> None:
    answer = await owner.post("/v1/import", content=content, headers=headers)
    assert problem_of(answer) == (status, kind)
    assert told in answer.json()["detail"]


async def test_a_secret_in_a_document_is_refused_and_not_repeated(owner: httpx.AsyncClient) -> None:
    canary = "sk-canary7f3a91c27f3a91c27f3a91c2"
    document = DOCUMENT + f"    settings:\n      api_key: {canary}\n"
    answer = await owner.post("/v1/import", content=document, headers=AS_YAML)
    assert problem_of(answer) == (422, "invalid")
    assert canary not in answer.text


async def test_larger_bodies_are_taken_here_than_elsewhere_and_no_larger_documents(owner: httpx.AsyncClient) -> None:
    long = {"core_llms_providers": 1, "prompt_templates": {"long": {"system_prompt": "x" * 1_500_000}}}
    assert (await owner.post("/v1/import", json=long)).status_code == 200
    elsewhere = await owner.post("/v1/parameters", json=long)
    assert problem_of(elsewhere) == (413, "too-large")
    longer = {"core_llms_providers": 1, "prompt_templates": {"long": {"system_prompt": "x" * 4_500_000}}}
    assert problem_of(await owner.post("/v1/import", json=longer)) == (413, "too-large")
    many = {"core_llms_providers": 1, "parameters": {f"p{number}": None for number in range(MOST_ENTRIES + 1)}}
    refused = await owner.post("/v1/import", json=many)
    assert problem_of(refused) == (413, "too-large")
    assert "1000 entries" in refused.json()["detail"]


async def test_the_limit_of_documents_is_the_servers_to_set(service: ProviderConfigService) -> None:
    await service.access.grant("ann", Role.OWNER)
    token = (await service.tokens.create("ann")).text.get_secret_value()
    transport = httpx.ASGITransport(create_app(service, import_limit_bytes=100))
    headers = {"Authorization": f"Bearer {token}", **AS_YAML}
    async with httpx.AsyncClient(transport=transport, base_url="http://api.test", headers=headers) as client:
        assert (await client.post("/v1/import", content=DOCUMENT[:60])).status_code == 200
        assert problem_of(await client.post("/v1/import", content=DOCUMENT)) == (413, "too-large")
        assert (await client.post("/v1/parameters", content="x" * 200)).status_code == 415


async def test_who_may_change_nothing_is_refused_before_the_document_is_read_and_that_is_written_down(
    new_client: NewClient, service: ProviderConfigService
) -> None:
    viewer = await new_client("eve", Role.VIEWER)
    answer = await viewer.post("/v1/import", content=b"\xff", headers=AS_YAML)
    assert problem_of(answer) == (403, "access-denied")
    (entry,) = await service.audit.list_entries(by="eve")
    assert (entry.outcome, entry.kind, entry.name) == ("denied", "access", "update")


async def test_an_import_of_one_model_alone_is_as_that_actor_may(
    registered: httpx.AsyncClient, new_client: NewClient, service: ProviderConfigService
) -> None:
    editor = await new_client("eve", Role.EDITOR, (await _scope(service)))
    own = await editor.post("/v1/import", content=(await editor.get("/v1/export")).content, headers=AS_JSON)
    assert own.status_code == 200, own.text
    refused = await editor.post("/v1/import?dry_run=true", content=DOCUMENT, headers=AS_YAML)
    assert [item["outcome"] for item in refused.json()["items"]] == ["changed", "refused"]
    assert (await registered.get(ONE)).json()["parameters"]["temperature"] == 0.2


async def _scope(service: ProviderConfigService) -> Any:
    from core.llms.provider_config.access.operations import Scope

    config = await service.get_provider_model("openai", "gpt-4.1-mini")
    assert config is not None
    return Scope(config.organisation, config.workspace, config.provider_name, config.model_id)
