"""Every fault reaches the client as what it is, over a real socket."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import time
from typing import Any

import aiohttp
import pytest

from core.llms.simulator import Fault, Reply, ScriptedToolCall, Simulator
from core.llms.simulator.faults import NO_FAULT, parse_fault
from tests.unit.simulator.calls import CHAT, KEY, RESPONSES, chat_body, get, post, response_body

STREAM = chat_body("Say: one two three", stream=True)
STREAM_EVENTS = 6


async def test_status_fault_sends_the_vendors_error_body(sim: Simulator) -> None:
    fault = {"status": 429, "retry_after": "7", "retry_after_ms": "6500", "should_retry": "false"}
    received = await post(sim, CHAT, chat_body(), fault=fault)
    assert received.status == 429
    assert received.error["code"] == "rate_limit_exceeded"
    assert set(received.error) == {"message", "type", "param", "code"}
    assert received.headers["retry-after"] == "7"
    assert received.headers["retry-after-ms"] == "6500"
    assert received.headers["x-should-retry"] == "false"
    assert received.headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (500, None, "server_error"),
        (503, "server_overloaded", "service_unavailable_error"),
        (418, None, None),
        (529, None, None),
    ],
)
async def test_status_fault_works_for_any_status(
    sim: Simulator, status: int, code: str | None, kind: str | None
) -> None:
    received = await post(sim, CHAT, chat_body(), fault={"status": status})
    assert received.status == status
    assert received.error["code"] == code
    if kind is not None:
        assert received.error["type"] == kind


async def test_quota_fault_has_the_words_of_the_vendor(sim: Simulator) -> None:
    received = await post(sim, CHAT, chat_body(), fault={"status": 429, "code": "insufficient_quota"})
    assert received.error["type"] == received.error["code"] == "insufficient_quota"
    assert received.error["message"].startswith("You exceeded your current quota")


async def test_body_fault_is_sent_word_for_word(sim: Simulator) -> None:
    received = await post(
        sim, CHAT, chat_body(), fault={"status": 503, "body": "<html>", "headers": {"content-x": "y"}}
    )
    assert (received.status, received.content, received.headers["content-x"]) == (503, b"<html>", "y")


async def test_bytes_of_any_kind_can_be_the_body(sim: Simulator) -> None:
    packed = base64.b64encode(gzip.compress(b"[" * 1000)).decode()
    fault = {"status": 200, "body_base64": packed, "headers": {"content-encoding": "gzip", "content-type": "text/x"}}
    received = await post(sim, CHAT, chat_body(), fault=fault)
    assert received.content == b"[" * 1000
    assert received.headers["Content-Type"] == "text/x"


async def test_statuses_without_a_body_have_none(sim: Simulator) -> None:
    received = await post(sim, CHAT, chat_body(), fault={"status": 204})
    assert (received.status, received.content) == (204, b"")


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
async def test_lines_of_events_can_end_otherwise(sim: Simulator, ending: str) -> None:
    received = await post(sim, CHAT, STREAM, fault={"line_ending": ending})
    assert received.content.endswith(f"data: [DONE]{ending}{ending}".encode())
    assert received.content.count(b"\n") == (0 if ending == "\r" else received.content.count(b"\r"))


@pytest.mark.parametrize(("endless", "repeated"), [("comments", b": keep-alive\n"), ("events", b"data: {")])
async def test_endless_streams_never_end(sim: Simulator, endless: str, repeated: bytes) -> None:
    headers = KEY | {"x-simulator-fault": json.dumps({"endless": endless})}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{sim.url}{CHAT}", json=STREAM, headers=headers) as response,
    ):
        lines = [await response.content.readline() for _ in range(200)]
    assert all(line.startswith(repeated) for line in lines[2::2])


async def test_standing_faults_apply_until_removed(sim: Simulator) -> None:
    sim.faults.append(Fault(status=500))
    assert (await post(sim, CHAT, chat_body())).status == 500
    assert (await get(sim, "/v1/models")).status == 500
    sim.faults.clear()
    assert (await post(sim, CHAT, chat_body())).status == 200


async def test_script_is_consumed_in_order_and_repeats(sim: Simulator) -> None:
    sim.script(Fault(status=500, repeat=2), "scripted", {"status": 404}, Reply(text=""))
    seen = [await post(sim, CHAT, chat_body()) for _ in range(6)]
    assert [received.status for received in seen] == [500, 500, 200, 404, 200, 200]
    texts = [received.json["choices"][0]["message"]["content"] for received in seen if received.status == 200]
    assert texts[:2] == ["scripted", ""]
    assert texts[2].startswith("You said")


async def test_scripted_reply_calls_tools_with_arguments_as_given(sim: Simulator) -> None:
    sim.script([Reply(tool_calls=(ScriptedToolCall("look", "{broken"), ScriptedToolCall("see", {"a": 1}, "call_1")))])
    message = (await post(sim, CHAT, chat_body())).json["choices"][0]["message"]
    assert [call["function"] for call in message["tool_calls"]] == [
        {"name": "look", "arguments": "{broken"},
        {"name": "see", "arguments": '{"a":1}'},
    ]
    assert message["tool_calls"][1]["id"] == "call_1"


async def test_scripted_finish_reason_is_sent(sim: Simulator) -> None:
    sim.script(Reply(text="half", finish_reason="content_filter"))
    assert (await post(sim, CHAT, chat_body())).json["choices"][0]["finish_reason"] == "content_filter"


async def test_cut_as_fin_ends_the_body_without_a_terminal_marker(sim: Simulator) -> None:
    received = await post(sim, CHAT, STREAM, fault={"cut_after_events": 3})
    assert len(received.events) == 3
    assert b"[DONE]" not in received.content


@pytest.mark.parametrize("mode", ["truncated", "reset"])
async def test_cut_inside_the_body_is_a_payload_or_connection_error(sim: Simulator, mode: str) -> None:
    with pytest.raises((aiohttp.ClientPayloadError, aiohttp.ClientOSError)):
        await post(sim, CHAT, STREAM, fault={"cut_after_events": 3, "cut_mode": mode})


async def test_reset_is_a_reset_at_the_socket(sim: Simulator) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", sim.port)
    payload = json.dumps(STREAM).encode()
    head = (
        "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer k\r\n"
        f"Content-Length: {len(payload)}\r\n"
        'x-simulator-fault: {"cut_after_events": 2, "cut_mode": "reset", "pacing": 0.01}\r\n\r\n'
    )
    writer.write(head.encode() + payload)
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()
    with pytest.raises(ConnectionResetError):
        await writer.wait_closed()


async def test_cut_after_bytes_keeps_exactly_so_many(sim: Simulator) -> None:
    received = await post(sim, CHAT, STREAM, fault={"cut_after_bytes": 100})
    assert len(received.content) == 100


async def test_json_body_cut_one_byte_short_is_a_payload_error(sim: Simulator) -> None:
    with pytest.raises(aiohttp.ClientPayloadError):
        await post(sim, CHAT, chat_body(), fault={"cut_after_bytes": 20})


async def test_close_delimited_body_has_no_length_and_no_chunks(sim: Simulator) -> None:
    whole = await post(sim, CHAT, STREAM, fault={"close_delimited": True})
    assert "Content-Length" not in whole.headers
    assert "Transfer-Encoding" not in whole.headers
    assert whole.content.endswith(b"data: [DONE]\n\n")
    cut = await post(sim, CHAT, STREAM, fault={"close_delimited": True, "cut_after_events": 2})
    assert len(cut.events) == 2
    plain = await post(sim, CHAT, chat_body(), fault={"close_delimited": True})
    assert plain.json["object"] == "chat.completion"


async def test_garbage_in_a_stream_is_a_malformed_event(sim: Simulator) -> None:
    received = await post(sim, CHAT, STREAM, fault={"garbage": "json", "garbage_after_events": 2})
    with pytest.raises(json.JSONDecodeError):
        received.events  # noqa: B018  # the property parses
    assert received.status == 200


async def test_garbage_bodies_come_under_200(sim: Simulator) -> None:
    page = await post(sim, CHAT, STREAM, fault={"garbage": "html"})
    assert page.status == 200
    assert page.headers["Content-Type"].startswith("text/html")
    broken = await post(sim, CHAT, chat_body(), fault={"garbage": "json"})
    with pytest.raises(json.JSONDecodeError):
        broken.json  # noqa: B018  # the property parses


async def test_empty_body_fault_sends_nothing(sim: Simulator) -> None:
    received = await post(sim, CHAT, chat_body(), fault={"empty_body": True})
    assert (received.status, received.content) == (200, b"")


async def test_error_event_ends_a_chat_stream(sim: Simulator) -> None:
    received = await post(sim, CHAT, STREAM, fault={"error_after_events": 2, "message": "Oh no"})
    assert received.events[-1]["error"]["message"] == "Oh no"
    assert len(received.events) == 3
    assert b"[DONE]" not in received.content


async def test_error_event_ends_a_responses_stream(sim: Simulator) -> None:
    received = await post(sim, RESPONSES, response_body(stream=True), fault={"error_after_events": 2})
    assert received.events[-1]["type"] == "error"
    assert received.events[-1]["code"] == "server_error"


async def test_chunk_bytes_splits_every_write_and_changes_nothing(sim: Simulator) -> None:
    whole = await post(sim, CHAT, STREAM)
    split = await post(sim, CHAT, STREAM, fault={"chunk_bytes": 1})
    assert [event["choices"] for event in split.events] == [event["choices"] for event in whole.events]


async def test_latency_and_pacing_take_their_time(sim: Simulator) -> None:
    started = time.monotonic()
    await post(sim, CHAT, STREAM, fault={"latency": 0.05, "time_to_first_event": 0.05, "pacing": 0.02})
    assert time.monotonic() - started >= 0.1 + 0.02 * (STREAM_EVENTS - 1)


async def test_headers_arrive_before_a_stream_hangs(sim: Simulator) -> None:
    headers = KEY | {"x-simulator-fault": '{"hang_after_events": 1}'}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{sim.url}{CHAT}", json=STREAM, headers=headers) as response,
    ):
        assert response.status == 200
        assert (await response.content.readline()).startswith(b"data: ")
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(response.content.read(), 0.05)


@pytest.mark.parametrize("fault", [{"latency": 60}, {"hang": True}, {"time_to_first_event": 60}, {"pacing": 60}])
async def test_waiting_ends_and_is_counted_when_the_client_disconnects(sim: Simulator, fault: dict[str, Any]) -> None:
    with pytest.raises(asyncio.TimeoutError):
        async with asyncio.timeout(0.1):
            await post(sim, CHAT, STREAM, fault=fault)
    async with asyncio.timeout(1):
        while sim.active_requests:
            await asyncio.sleep(0)
    assert sim.clients_disconnected == 1


async def test_answers_that_arrive_whole_count_no_disconnect(sim: Simulator) -> None:
    await post(sim, CHAT, STREAM)
    await post(sim, CHAT, STREAM, fault={"cut_after_events": 1})
    assert sim.clients_disconnected == 0


async def test_an_unknown_fault_field_is_named(sim: Simulator) -> None:
    received = await post(sim, CHAT, chat_body(), fault={"latncy": 1})
    assert received.status == 400
    assert "unknown fault field 'latncy'" in received.error["message"]


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"status": 42}, "final HTTP status"),
        ({"status": "many"}, "status"),
        ({"chunk_bytes": 0}, "chunk_bytes"),
        ({"repeat": 0}, "repeat"),
        ({"latency": -1}, "negative"),
        ({"cut_mode": "bang"}, "cut_mode"),
    ],
)
def test_impossible_faults_are_refused(fields: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_fault(fields)


def test_merging_keeps_what_the_other_leaves_unset() -> None:
    merged = Fault(latency=1, headers={"a": "1"}).merged(Fault(status=500, headers={"b": "2"}))
    assert merged == Fault(latency=1, status=500, headers={"a": "1", "b": "2"})
    assert NO_FAULT.merged(NO_FAULT) == NO_FAULT


async def test_hundreds_of_streams_run_at_the_same_time(sim: Simulator) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def read() -> bytes:
            headers = KEY | {"x-simulator-fault": '{"pacing": 0.01}'}
            async with session.post(f"{sim.url}{CHAT}", json=STREAM, headers=headers) as response:
                return await response.read()

        contents = await asyncio.gather(*[read() for _ in range(400)])
    assert all(content.endswith(b"data: [DONE]\n\n") for content in contents)
    assert sim.clients_disconnected == 0
