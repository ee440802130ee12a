"""What the Responses wire remembers: stored responses, their items, and the seal on encrypted reasoning."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.llms.simulator.openai.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_RESPONSES = 10_000
_SEAL_KEY = b"simulated reasoning"
_SEAL_HEAD = "gAAAAABo"
_SEAL_BYTES = 16


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A response, and all items of its conversation up to and including its output."""

    account: str
    body: dict[str, Any]
    items: tuple[dict[str, Any], ...]


class ResponseStore:
    """Responses by id, oldest forgotten first."""

    def __init__(self) -> None:
        self._responses: OrderedDict[str, StoredResponse] = OrderedDict()
        self._items: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._thoughts: dict[str, str] = {}
        self._lock = threading.Lock()

    def add(self, stored: StoredResponse) -> None:
        """Remember a response and the items it put out."""
        with self._lock:
            self._responses[stored.body["id"]] = stored
            thought = None
            for item in stored.body["output"]:
                self._items[item["id"]] = item
                if item["type"] == "reasoning":
                    thought = item["id"]
                elif thought is not None:
                    self._thoughts[item["id"]] = thought
            while len(self._responses) > _MOST_RESPONSES:
                _, oldest = self._responses.popitem(last=False)
                for item in oldest.body["output"]:
                    self._items.pop(item["id"], None)
                    self._thoughts.pop(item["id"], None)

    def find(self, response_id: str, account: str) -> StoredResponse | None:
        """A stored response of this account."""
        stored = self._responses.get(response_id)
        return stored if stored is not None and stored.account == account else None

    def previous(self, response_id: str, account: str) -> StoredResponse:
        """The response a request goes on from. Raises: ApiError."""
        if not response_id.startswith("resp"):
            message = f"Invalid 'previous_response_id': '{response_id}'. Expected an ID that begins with 'resp'."
            raise ApiError(message, param="previous_response_id", code="invalid_value")
        stored = self.find(response_id, account)
        if stored is None:
            raise ApiError(
                f"Previous response with id '{response_id}' not found.",
                param="previous_response_id",
                code="previous_response_not_found",
            )
        return stored

    def resolved(self, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The items with references replaced and reasoning checked. Raises: ApiError."""
        resolved = []
        for item in items:
            if item.get("type") == "item_reference":
                item = self._known(item["id"])
            elif item.get("type") == "reasoning":
                self._check_reasoning(item)
            resolved.append(item)
        self._check_pairs(resolved)
        return resolved

    def _known(self, item_id: str) -> dict[str, Any]:
        item = self._items.get(item_id)
        if item is None:
            message = (
                f"Item with id '{item_id}' not found. Items are not persisted when `store` is set to false. "
                "Try again with `store` set to true, or remove this item from your input."
            )
            raise ApiError(message, param="input", status=404)
        return item

    def _check_reasoning(self, item: dict[str, Any]) -> None:
        sealed = item.get("encrypted_content")
        if sealed is None:
            self._known(item.get("id", ""))
        elif not _is_sealed(sealed, item.get("id")):
            shown = f"{sealed[:4]}...{sealed[-4:]}"
            message = (
                f"The encrypted content {shown} could not be verified. "
                "Reason: Encrypted content could not be decrypted or parsed."
            )
            raise ApiError(message, code="invalid_encrypted_content")

    def _check_pairs(self, items: list[dict[str, Any]]) -> None:
        present = {item.get("id") for item in items if item.get("type") == "reasoning"}
        for index, item in enumerate(items):
            thought = self._thoughts.get(item.get("id") or "")
            if thought is not None and thought not in present:
                kind = item.get("type", "message")
                message = (
                    f"Item '{item['id']}' of type '{kind}' was provided without its required 'reasoning' item: "
                    f"'{thought}'."
                )
                raise ApiError(message, param="input")
            if item.get("type") == "reasoning" and not _is_output(items[index + 1 : index + 2]):
                name = item.get("id", "")
                message = f"Item '{name}' of type 'reasoning' was provided without its required following item."
                raise ApiError(message, param="input")


def _is_output(following: list[dict[str, Any]]) -> bool:
    if not following:
        return False
    item = following[0]
    return item.get("type") in ("function_call", "reasoning", "web_search_call") or item.get("role") == "assistant"


def seal_reasoning(item_id: str, content: str) -> str:
    """Reasoning as an encrypted text that only this simulator accepts back, unchanged and for the same item."""
    payload = f"{item_id}:{content}".encode()
    seal = hmac.digest(_SEAL_KEY, payload, hashlib.sha256)[:_SEAL_BYTES]
    return _SEAL_HEAD + base64.urlsafe_b64encode(seal + payload).decode()


def _is_sealed(sealed: str, item_id: str | None) -> bool:
    if not sealed.startswith(_SEAL_HEAD):
        return False
    try:
        raw = base64.b64decode(sealed[len(_SEAL_HEAD) :], altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return False
    payload = raw[_SEAL_BYTES:]
    genuine = hmac.compare_digest(hmac.digest(_SEAL_KEY, payload, hashlib.sha256)[:_SEAL_BYTES], raw[:_SEAL_BYTES])
    return genuine and (item_id is None or payload.startswith(f"{item_id}:".encode()))
