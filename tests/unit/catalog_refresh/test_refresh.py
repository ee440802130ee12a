"""Refreshing the catalogue from a real server: what changes, what stays, and what is refused."""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from core.llms import (
    CatalogRefresh,
    CatalogWarning,
    ConfigurationError,
    ConnectionLostError,
    LLMError,
    LLMTimeoutError,
    NotFoundError,
    Plausibility,
    ProtocolError,
    ResponseTooLargeError,
    ServerError,
    StorageError,
    default_registry,
    refresh_catalog,
)
from core.llms.catalog.classes import catalogued_metadata
from core.llms.catalog.store import load_packaged, load_provider, reload_catalog
from core.llms.catalog_refresh.reports import ChangedPrice
from core.llms.catalog_refresh.status import catalog_status, clear_catalog
from core.llms.create import find_factory
from core.llms.providers.groq import create_groq_llm
from core.llms.whole_files import locked
from tests.support.catalog_cache import excerpt
from tests.support.list_server import ListServer, respond

QWEN = "qwen/qwen3-32b"
ROOM = "openai/gpt-oss-20b"
FEW = Plausibility(min_share=0)


def groq_prices(published: ListServer, **prices_by_id: Any) -> None:
    """Publish other prices of Groq's models, by id, in genai-prices' list."""
    listed = excerpt("genai-prices")
    models = next(provider["models"] for provider in listed if provider["id"] == "groq")
    for id, prices in prices_by_id.items():
        known = next((model for model in models if model["id"] == id), None)
        if known is None:
            models.append({"id": id, "match": {"equals": id}, "prices": prices})
        else:
            known["prices"] = prices
    published.content["genai-prices"] = json.dumps(listed).encode()


async def refresh(published: ListServer, *lists: str, **options: Any) -> CatalogRefresh:
    return await refresh_catalog(**{"lists": lists or None, "urls": published.urls(), "plausibility": FEW, **options})


def price_of(name: str) -> Decimal:
    prices = default_registry().get(name).prices
    assert prices is not None
    return prices.input


async def test_newer_facts_go_before_the_packaged_ones_and_name_their_source(
    cache: Path, published: ListServer
) -> None:
    assert price_of(f"groq/{QWEN}") == Decimal("0.29")
    groq_prices(published, **{QWEN: {"input_mtok": 0.2, "output_mtok": 0.59}, "acme/new-1": {"input_mtok": 1}})
    report = await refresh(published)
    assert report.added == ("groq/acme/new-1",)
    assert [each for each in report.price_changes if each.model.startswith("groq/")] == [
        ChangedPrice(f"groq/{QWEN}", "input", Decimal("0.29"), Decimal("0.2"))
    ]
    assert [(each.name, each.status) for each in report.lists] == [
        ("models.dev", "updated"), ("litellm", "updated"), ("genai-prices", "updated"),
    ]  # fmt: skip
    assert (price_of(f"groq/{QWEN}"), price_of("groq/acme/new-1")) == (Decimal("0.2"), Decimal(1))
    metadata = catalogued_metadata("groq", QWEN)
    assert metadata is not None and metadata.PRICES is not None and metadata.PRICES.input == Decimal("0.2")
    source = next(source for source in metadata.SOURCES if "at 127.0.0.1" in source.name)
    assert source.name.startswith("genai-prices at 127.0.0.1 (") and "prices)" in source.name
    assert source.read_on == datetime.now(UTC).date()


async def test_llm_made_afterwards_has_the_newer_facts(cache: Path, published: ListServer) -> None:
    groq_prices(published, **{"acme/new-1": {"input_mtok": 1, "output_mtok": 2}})
    await refresh(published)
    async with create_groq_llm("acme/new-1", api_key="k") as llm:  # warns of no unknown model
        assert Decimal("0.001") == llm.metadata.COST_PER_1K_INPUT


async def test_what_a_class_says_stays(cache: Path, published: ListServer) -> None:
    groq_prices(published, **{ROOM: {"input_mtok": 0.05, "output_mtok": 0.2}})
    report = await refresh(published)
    assert not [each for each in report.price_changes if ROOM in each.model]
    assert load_provider("groq").rows[ROOM]["prices"]["input"] == "0.075"
    assert price_of(f"groq/{ROOM}") == Decimal("0.075")
    assert Decimal("0.000075") == find_factory("groq")(ROOM, api_key="k").metadata.COST_PER_1K_INPUT


async def test_facts_that_no_list_states_any_more_stay_as_packaged(cache: Path, published: ListServer) -> None:
    await refresh(published)
    packaged, now = load_packaged("openrouter"), load_provider("openrouter")
    assert now.rows == packaged.rows


async def test_list_that_did_not_change_is_not_sent_again(cache: Path, published: ListServer) -> None:
    await refresh(published)
    kept = {path.name: path.read_bytes().partition(b"\n")[2] for path in cache.glob("*.list")}
    again = await refresh(published)
    assert {each.status for each in again.lists} == {"unchanged"}
    assert all(published.conditions()[3:]) and not any(published.conditions()[:3])
    assert (again.added, again.price_changes, again.changed) == ((), (), ())
    assert {path.name: path.read_bytes().partition(b"\n")[2] for path in cache.glob("*.list")} == kept


async def test_another_address_is_asked_without_the_first_one_s_etag(cache: Path, published: ListServer) -> None:
    await refresh(published, "litellm")
    published.content["mirror"] = published.content["litellm"]
    await refresh(published, "litellm", urls={"litellm": f"{published.url}/mirror"})
    assert published.conditions() == [None, None]


def _gzipped(body: bytes, cut: int = 0) -> Callable[[BaseHTTPRequestHandler], None]:
    packed = gzip.compress(body)
    packed = packed[: len(packed) - cut] if cut else packed
    return lambda handler: respond(handler, packed, Content_Encoding="gzip")


def _redirect(location: str) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: respond(handler, b"", status=302, Location=location)


BAD: dict[str, tuple[Callable[[BaseHTTPRequestHandler], None], type[LLMError], str]] = {
    "500": (lambda handler: respond(handler, b"oh", status=500), ServerError, "status 500"),
    "404": (lambda handler: respond(handler, b"oh", status=404), NotFoundError, "status 404"),
    "unasked 304": (lambda handler: respond(handler, b"", status=304), ProtocolError, "status 304"),
    "cut": (lambda handler: respond(handler, b'{"a":', length=5000), ConnectionLostError, "broke off"),
    "another host": (_redirect("http://127.0.0.2:9/list"), ProtocolError, "another host, http://127.0.0.2:9"),
    "loop": (_redirect("/genai-prices"), ProtocolError, "sends on and on"),
    "bomb": (_gzipped(b" " * 50_000_000), ResponseTooLargeError, "larger than 1,000,000 bytes"),
    "cut gzip": (_gzipped(b"[" * 1000, cut=9), ConnectionLostError, "broke off"),
    "no gzip": (
        lambda handler: respond(handler, b"hello", Content_Encoding="gzip"), ProtocolError, "not compressed as",
    ),
    "other packing": (
        lambda handler: respond(handler, b"hello", Content_Encoding="br"), ProtocolError, "which was not asked for",
    ),
    "large": (lambda handler: respond(handler, b" " * 1_000_001), ResponseTooLargeError, "larger than 1,000,000 bytes"),
    "HTML": (lambda handler: respond(handler, b"<html>\n"), ProtocolError, "it is not JSON at line 1, column 1"),
    "half": (lambda handler: respond(handler, b'[\n{"id": "groq",'), ProtocolError, "it is not JSON at line 2"),
    "NaN": (lambda handler: respond(handler, b'[{"id": NaN}]'), ProtocolError, "the number NaN"),
    "deep": (lambda handler: respond(handler, b"[" * 100_000), ProtocolError, "nested too deep"),
    "object": (lambda handler: respond(handler, b"{}"), ProtocolError, "is no array, but NoneType"),
    "empty": (lambda handler: respond(handler, b"[]"), ProtocolError, "it holds no models"),
    "foreign": (
        lambda handler: respond(handler, b'[{"id": "x", "models": [{"id": "m"}]}]'), ProtocolError,
        "none of this package's models",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
async def test_list_that_fails_changes_nothing(cache: Path, published: ListServer, name: str) -> None:
    groq_prices(published, **{QWEN: {"input_mtok": 0.2, "output_mtok": 0.59}})
    await refresh(published)
    before = (cache / "genai-prices.list").read_bytes()
    published.faults["genai-prices"], kind, problem = BAD[name]
    options: dict[str, Any] = {"max_bytes": 1_000_000}
    if name == "unasked 304":
        options |= {"urls": {"genai-prices": f"{published.url}/other"}}
        published.faults["other"] = published.faults["genai-prices"]
    with pytest.raises(kind, match=problem) as raised:
        await refresh(published, "genai-prices", **options)
    assert str(raised.value).startswith("genai-prices: ")
    assert (cache / "genai-prices.list").read_bytes() == before
    assert price_of(f"groq/{QWEN}") == Decimal("0.2")


async def test_list_that_is_too_slow_is_given_up(cache: Path, published: ListServer) -> None:
    published.faults["litellm"] = lambda handler: respond(handler, b"", status=200) if published.ended.wait() else None
    with pytest.raises(LLMTimeoutError, match=r"litellm: http://\S+ was not there in 0\.2 s"):
        await refresh(published, "litellm", timeout_seconds=0.2)


async def test_lists_that_came_are_used_where_another_failed(cache: Path, published: ListServer) -> None:
    groq_prices(published, **{QWEN: {"input_mtok": 0.2, "output_mtok": 0.59}})
    published.faults["litellm"] = lambda handler: respond(handler, b"oh", status=503)
    report = await refresh(published)
    (failure,) = report.failures
    assert (failure.name, type(failure.error).__name__) == ("litellm", "OverloadedError")
    assert price_of(f"groq/{QWEN}") == Decimal("0.2")


async def test_where_all_fail_the_error_has_the_others_as_notes(cache: Path, published: ListServer) -> None:
    for name in published.urls():
        published.faults[name] = lambda handler: respond(handler, b"oh", status=500)
    with pytest.raises(ServerError, match=r"models\.dev: ") as raised:
        await refresh(published)
    assert [note.partition(":")[0] for note in raised.value.__notes__] == ["litellm", "genai-prices"]
    assert not (cache / "catalog.jsonl").exists()


async def test_packed_and_moved_lists_are_taken(cache: Path, published: ListServer) -> None:
    body = published.content["genai-prices"]
    published.faults["moved"] = _gzipped(body)
    published.faults["genai-prices"] = _redirect("/moved")
    report = await refresh(published, "genai-prices")
    assert (report.lists[0].status, report.lists[0].models > 0) == ("updated", True)


async def test_price_far_from_the_known_one_is_not_believed_and_told(cache: Path, published: ListServer) -> None:
    groq_prices(published, **{QWEN: {"input_mtok": 290, "output_mtok": 0.59}, "acme/dear": {"input_mtok": 5000}})
    report = await refresh(published, plausibility=Plausibility(min_share=0, max_refused_share=0.5))
    assert report.lists[2].refused == (
        f"groq/{QWEN}: input costs $290 a million tokens, where $0.29 is known",
        "groq/acme/dear: input costs $5000 a million tokens, more than any model does",
    )
    assert price_of(f"groq/{QWEN}") == Decimal("0.29")
    assert default_registry().get("groq/acme/dear").prices is None


async def test_list_in_another_unit_is_refused_as_a_whole(cache: Path, published: ListServer) -> None:
    groq_prices(published, **{
        QWEN: {"input_mtok": 0.00029, "output_mtok": 0.00059},
        "moonshotai/kimi-k2-instruct": {"input_mtok": 0.001, "output_mtok": 0.003},
    })  # fmt: skip
    with pytest.raises(ProtocolError, match=r"3 of its 7 models cannot be: groq/.* where \$1 is known; .*0\.29 is"):
        await refresh(published, "genai-prices")
    assert price_of(f"groq/{QWEN}") == Decimal("0.29")


async def test_list_with_too_few_models_is_refused(cache: Path, published: ListServer) -> None:
    with pytest.raises(ProtocolError, match=r"litellm: .* it has \d+ of this package's models, where [\d,]+ are known"):
        await refresh(published, "litellm", plausibility=Plausibility())


async def test_list_that_lost_most_of_its_models_since_last_time_is_refused(cache: Path, published: ListServer) -> None:
    many = {f"acme/{number}": {"input_mtok": 1, "output_mtok": 2} for number in range(20)}
    groq_prices(published, **many)
    limits = Plausibility(min_share=0)
    await refresh(published, "genai-prices", plausibility=limits)
    published.content["genai-prices"] = json.dumps(excerpt("genai-prices")).encode()
    share = 20 / sum(len(listed.rows) for listed in map(load_packaged, ("groq", "anthropic")))
    limits = Plausibility(min_share=max(0.5, share))
    with pytest.raises(ProtocolError, match="too few to be whole"):
        await refresh(published, "genai-prices", plausibility=limits)
    assert price_of("groq/acme/19") == Decimal(1)


async def test_entry_that_cannot_be_read_is_left_out_and_told(cache: Path, published: ListServer) -> None:
    listed = excerpt("genai-prices")
    listed[1]["models"].append({"id": "odd", "match": {"sounds_like": "odd"}, "prices": {"input_mtok": 1}})
    published.content["genai-prices"] = json.dumps(listed).encode()
    report = await refresh(published, "genai-prices")
    (problem,) = report.lists[0].refused
    assert problem.startswith("groq/odd: ValueError: genai-prices matches in a way that is not known: 'sounds_like'")
    assert report.lists[0].status == "updated"


async def test_denial_of_what_the_package_leaves_open_is_not_believed(cache: Path, published: ListServer) -> None:
    assert "can" not in load_packaged("groq").rows[QWEN]
    said = {"litellm_provider": "groq", "mode": "chat", "supports_vision": False, "supports_reasoning": True}
    published.content["litellm"] = json.dumps({f"groq/{QWEN}": said}).encode()
    await refresh(published, "litellm")
    assert load_provider("groq").rows[QWEN]["can"] == {"reasoning": True}


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (lambda content: b"", "line 1: "),
        (lambda content: content[:40], "line 1: "),
        (lambda content: content[: content.index(b"\n") + 200], r"line \d+: it ends early"),
        (lambda content: content[:-1], r"line \d+: it ends early"),
        (lambda content: content + b"x", r"line \d+: it goes on too long"),
        (lambda content: content.replace(b'"input":"0.2"', b'"input":"0.3"'), r"lines \d+ to \d+: .* not as they were"),
        (lambda content: content.replace(b'{"id":"qwen', b'["id":"qwen'), r"line \d+: expected"),
        (lambda content: content.replace(b'"format":1', b'"format":2'), "line 1: its format is 2, not 1"),
    ],
)
async def test_corrupt_file_is_refused_with_its_line_once_and_written_anew(
    cache: Path, published: ListServer, damage: Callable[[bytes], bytes], line: str
) -> None:
    groq_prices(published, **{QWEN: {"input_mtok": 0.2, "output_mtok": 0.59}})
    await refresh(published)
    path = cache / "catalog.jsonl"
    content = path.read_bytes()
    assert damage(content) != content
    path.write_bytes(damage(content))
    reload_catalog()
    with pytest.warns(CatalogWarning, match=rf"catalog\.jsonl is corrupt at {line}") as caught:
        prices = [load_provider(provider).rows for provider in ("groq", "openai", "bedrock", "anthropic")]
    assert len(caught) == 1
    assert prices[0][QWEN]["prices"]["input"] == "0.29"
    await refresh(published)
    assert path.read_bytes().partition(b"\n")[2] == content.partition(b"\n")[2]
    assert price_of(f"groq/{QWEN}") == Decimal("0.2")


async def test_file_with_more_than_one_fault_is_told_of_once(cache: Path, published: ListServer) -> None:
    await refresh(published)
    path = cache / "catalog.jsonl"
    path.write_bytes(path.read_bytes().replace(b'\n{"id"', b'\n["id"'))
    reload_catalog()
    with pytest.warns(CatalogWarning) as caught:
        assert load_provider("anthropic").rows == load_packaged("anthropic").rows
        assert load_provider("groq").rows == load_packaged("groq").rows
    assert len(caught) == 1


async def test_damaged_copy_of_a_list_is_fetched_anew(cache: Path, published: ListServer) -> None:
    await refresh(published, "litellm")
    path = cache / "litellm.list"
    path.write_bytes(path.read_bytes()[:-10])
    report = await refresh(published, "litellm")
    assert published.conditions() == [None, None]
    assert report.lists[0].note is not None and "not as it was written: it was fetched anew" in report.lists[0].note


_ONE_LIST = """
import asyncio, sys
from core.llms import Plausibility, refresh_catalog
name, url = sys.argv[1:]
for _ in range(3):
    asyncio.run(refresh_catalog(lists=[name], urls={name: url}, plausibility=Plausibility(min_share=0)))
"""


def test_processes_that_refresh_at_once_lose_nothing(cache: Path, published: ListServer) -> None:
    groq_prices(published, **{"acme/priced": {"input_mtok": 1, "output_mtok": 2}})
    listed = excerpt("litellm") | {
        "groq/acme/listed": {"litellm_provider": "groq", "mode": "chat", "max_input_tokens": 5}
    }
    published.content["litellm"] = json.dumps(listed).encode()
    processes = [
        subprocess.Popen([sys.executable, "-c", _ONE_LIST, name, url])
        for name, url in published.urls("litellm", "genai-prices").items()
        for _ in range(2)
    ]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0, 0]
    reload_catalog()
    rows = load_provider("groq").rows
    assert {"acme/priced", "acme/listed"} <= rows.keys()
    assert sorted(path.name for path in cache.iterdir() if not path.name.endswith(".lock")) == [
        "catalog.jsonl", "genai-prices.list", "litellm.list",
    ]  # fmt: skip


async def test_refresh_waits_for_the_one_that_is_writing(cache: Path, published: ListServer) -> None:
    await refresh(published, "litellm")
    groq_prices(published, **{"acme/priced": {"input_mtok": 1, "output_mtok": 2}})
    with locked(cache / "catalog.jsonl"):
        second = asyncio.create_task(refresh(published, "genai-prices"))
        done, _ = await asyncio.wait({second}, timeout=0.5)
        assert not done and not (cache / "genai-prices.list").exists()
    assert "groq/acme/priced" in (await second).added


async def test_status_and_clear(cache: Path, published: ListServer) -> None:
    nothing = catalog_status()
    assert (nothing.refreshed, nothing.refreshed_models, clear_catalog()) == (None, 0, [])
    groq_prices(published, **{QWEN: {"input_mtok": 0.2, "output_mtok": 0.59}})
    await refresh(published, "genai-prices")
    status = catalog_status()
    assert status.refreshed is not None and status.refreshed_models > 0 and status.packaged_models > 2000
    kept = {each.name: each.copy for each in status.lists}
    assert kept["litellm"] is None and kept["genai-prices"] is not None
    assert kept["genai-prices"].url == published.urls()["genai-prices"]
    assert {path.name for path in clear_catalog()} == {"catalog.jsonl", "genai-prices.list"}
    assert price_of(f"groq/{QWEN}") == Decimal("0.29")


async def test_folder_that_cannot_be_written_is_said(
    tmp_path: Path, published: ListServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CORE_LLMS_CACHE_DIR", str(tmp_path / "file"))
    with pytest.raises(StorageError, match="the refreshed catalogue cannot be kept in"):
        await refresh(published, "litellm")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"lists": ["litelm"]}, "no list is called 'litelm': there are models.dev, litellm, genai-prices"),
        ({"urls": {"litellm": "file:///etc/passwd"}}, "must begin with https:// or http://"),
        ({"timeout_seconds": 0}, "`timeout_seconds` must be more than 0"),
        ({"max_bytes": 0}, "`max_bytes` must be 1 or more"),
    ],
)
async def test_wrong_options_are_refused_before_anything_is_fetched(
    cache: Path, published: ListServer, options: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        await refresh_catalog(**{"urls": published.urls(), **options})
    assert published.requests == [] and not cache.exists()
