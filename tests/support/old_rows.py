"""Rows of every table as each revision of the tables took them, and writing them in the SQL of then."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection

from core.llms.storage.migrations import REVISIONS

Row: TypeAlias = tuple[str, dict[str, Any]]

AT: Final = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
LATER: Final = datetime(2036, 3, 1, tzinfo=UTC)
KEPT: Final[Mapping[str, Any]] = {"created_at": AT, "updated_at": AT, "version": 3}
# The encryption key `2026-01` of these rows, and the secret that is in `ciphertext`.
KEY_MATERIAL: Final = b"k" * 32
SECRET: Final = "sk-of-then"
# Every table with one row, which its own revision makes.
SINGLE: Final = frozenset({"config_generation", "audit_head"})

_FIRST_HASH: Final = "0" * 64
_SECOND_HASH: Final = "fbad6603d0543f323cd92d0b322fa72a72f7f235caed692b8d3e7a86cc48b451"
_LAST_HASH: Final = "4ea74c5b928087155d0ac82b0c2cf044cc60003bed51b451e4c87e19380c6a08"
_COUNTS: Final = (
    "calls", "succeeded", "failed", "cancelled", "cached", "attempts", "unpriced", "input_tokens", "output_tokens",
    "cache_read_tokens", "cache_write_tokens", "reasoning_tokens",
)  # fmt: skip
_LIMITS: Final = (
    "moment", "held_until", "requests_per_minute", "tokens_per_minute", "input_tokens_per_minute",
    "output_tokens_per_minute", "requests_per_day", "tokens_per_day",
)  # fmt: skip
_TARGET: Final[Mapping[str, Any]] = {"provider": "openai", "model": "gpt-4.1-mini"}
_OWNER: Final[Mapping[str, Any]] = {"organisation": "acme", "workspace": "search"}


def _parameters(row_id: int, name: str, **fields: Any) -> Row:
    own = {
        "description": "O'Neil's: ünïcode ✓",
        "max_new_tokens": 150,
        "temperature": 0.3,
        "top_k": 5,
        "top_p": 0.1 + 0.2,
        "frequency_penalty": -1.5,
        "presence_penalty": 1.0,
        "stop_sequences": ["\n", "END"],
        "seed": 7,
        "extra_parameters": {"verbosity": "low", "metadata": {"z": "1", "a": "2"}},
    }
    return "llm_parameters", {"id": row_id, "name": name, **own, **KEPT, **fields}


def _template(row_id: int, name: str, **fields: Any) -> Row:
    own = {
        "provider": "openai",
        "description": None,
        "system_prompt": "Be brief.\nAlways.",
        "context_prefix": "Context:",
        "query_prefix": "Question: 100%",
        "answer_prefix": "",
    }
    return "prompt_templates", {"id": row_id, "name": name, **own, **KEPT, **fields}


def _config(row_id: int, model: str, **fields: Any) -> Row:
    own = {
        "model_id": model,
        "provider_name": "openai",
        "alias": f"alias of {model}",
        "description": "For the help desk",
        "is_active": True,
        "verification_status": "verified",
        "verification_error": None,
        "last_verified": AT,
        "base_url": "https://llm.example/v1",
        "api_key_env": "TEAM_KEY",
        "settings": {"organization": "org-1"},
        "parameters_id": row_id,
        "prompt_template_id": row_id,
    }
    return "provider_model_configs", {"id": row_id, **own, **KEPT, **fields}


def _credential(row_id: int, name: str, **fields: Any) -> Row:
    own = {
        "provider": "openai",
        "description": "of the team",
        "ciphertext": bytes.fromhex(
            "b6567fea4cdff1b8b625598378a72cc519c328e5a9fcd517a68ab3ab1d0180c2b2cbabad3d41a645bf"
        ),
        "nonce": bytes.fromhex("33842a034cbf7df96864e6c6"),
        "wrapped_key": bytes.fromhex(
            "0b24e16cbc013e6f7a58ca62d15163612a65019db591bf0b3767d77d6218f21fc3c7d7962c649a8b8c052050b83cb60348d13dd41b"
            "90fc970d338378"
        ),
        "key_id": "2026-01",
        "algorithm": "AES-256-GCM/1",
        "last_rotated": AT,
    }
    return "credentials", {"id": row_id, "name": name, **own, **KEPT, **fields}


def _entry(sequence: int, action: str, details: dict[str, Any], previous: str, own: str) -> Row:
    who = {"actor": "ann", "action": action, "outcome": "done", "kind": "configuration", "name": "openai/gpt-4.1-mini"}
    at = AT.replace(second=sequence)
    chained = {"details": details, "previous_hash": previous, "hash": own}
    return "audit_entries", {"sequence": sequence, "at": at, **who, **_OWNER, **_TARGET, **chained}


def _revision(row_id: int, number: int, content: dict[str, Any] | None) -> Row:
    own = {"kind": "parameters", "name": "gone", "number": number, "action": "update", "at": AT, "actor": "ann"}
    return "config_revisions", {"id": row_id, **own, "content": content}


def _error(message: str) -> dict[str, Any]:
    return {"error_class": "ServerError", "status": 503, "message": message}


# What each revision added to what could be kept. A row of an older table has the columns of then.
OLD_ROWS: Final[Mapping[str, list[Row]]] = {
    "0001": [
        (
            "model_profiles",
            {"provider": "x", "model_id": "m", "facts": {"description": "kept"}, "created_at": AT, "updated_at": AT},
        ),
    ],
    "0002": [
        (
            "usage_totals",
            {"digest": "d" * 64, "hour": AT.replace(minute=0, microsecond=0), "operation": "chat", "alias": "support"}
            | {"user_id": "ann", "tags": ["a", "b"], **_TARGET, **{name: 2**40 + n for n, name in enumerate(_COUNTS)}}
            | {"seconds": 1.5, "cost": Decimal("12.000000000001"), "saved_cost": Decimal(0)}
            | {"maybe_charged_cost": Decimal("0.25")},
        ),
    ],
    "0003": [
        _parameters(101, "calm"),
        _parameters(102, "bare", **dict.fromkeys(("temperature", "top_p", "stop_sequences", "seed", "description"))),
        _template(101, "plain"),
        _config(101, "gpt-4.1-mini"),
        _config(
            102,
            "gpt-4o",
            alias=None,
            is_active=False,
            prompt_template_id=None,
            settings={},
            base_url=None,
            verification_status="failed",
            verification_error="401",
            last_verified=None,
            api_key_env=None,
        ),
        ("config_generation", {"id": 1, "generation": 41}),
    ],
    "0004": [
        (
            "budget_spendings",
            {"account": "team", "slot": 7, "usd": Decimal("0.5"), "tokens": 2**40, "unpriced_calls": 1}
            | {"ends_at": LATER},
        ),
        (
            "budget_reservations",
            {"account": "team", "id": "r1", "slot": 7, "usd": Decimal("0.25"), "tokens": 10, "expires_at": LATER}
            | {"ends_at": None},
        ),
    ],
    "0005": [
        (
            "rate_limits",
            {"digest": "e" * 64, "name": "openai", "leases": {"l1": 12.5}, **dict.fromkeys(_LIMITS, 1234.5)},
        ),
    ],
    "0006": [
        _credential(101, "team"),
        _parameters(103, "with a credential"),
        _config(103, "gpt-4.1", credential_id=101, api_key_env=None, prompt_template_id=101),
    ],
    "0007": [
        _parameters(104, "of acme", **_OWNER),
        _template(104, "of acme", **_OWNER),
        _credential(104, "of acme", **_OWNER),
        _config(104, "gpt-4.1-nano", **_OWNER),
        (
            "role_grants",
            {"id": 101, "subject": "ann", "role": "editor", "is_denial": True, **_OWNER, **_TARGET}
            | {"granted_by": "root", "created_at": AT},
        ),
        _entry(1, "register", {"changes": {"alias": [None, "support"]}}, _FIRST_HASH, _SECOND_HASH),
        _entry(
            2, "update", {"changes": {"temperature": [1.0, 1e16], "name": ["a", "Zürich"]}}, _SECOND_HASH, _LAST_HASH
        ),
        ("audit_head", {"id": 1, "sequence": 2, "hash": _LAST_HASH}),
        _revision(101, 1, {"name": "gone", "temperature": 1.0}),
        _revision(102, 2, None),
    ],
    "0008": [
        (
            "health_checks",
            {"id": 101, "config_id": 101, "at": AT, "kind": "live", "outcome": "failed", "calls": 2}
            | {"latency_seconds": 0.5, "latencies": {"0.5": 2}, **_error("no")},
        ),
        (
            "health_states",
            {"config_id": 101, "due_at": LATER, "checked_at": AT, "observed_at": None, "succeeded_at": AT}
            | {"outcome": "failed", "failures_in_a_row": 2, "successes_in_a_row": 0, **_error("no")}
            | {"switched_off_at": AT, "switched_off_reason": "3 failures"},
        ),
        ("health_leases", {"name": "checks", "holder": "p1", "ends_at": AT, "term": 4}),
    ],
    "0009": [
        (
            "api_tokens",
            {"id": "t1", "subject": "ann", "description": "her laptop", "digest": "f" * 64, "created_by": "root"}
            | {"created_at": AT, "expires_at": LATER, "last_used": AT, "revoked_at": None},
        ),
    ],
    "0010": [
        _parameters(105, "of presets", preset="precise", parent_id=None, unset=["seed"], temperature=None),
        _parameters(106, "inheriting", preset=None, parent_id=105, unset=[]),
        _config(106, "o4-mini", prompt_template_id=None, provider_version="2026-01"),
    ],
}


def rows_until(revision: str) -> Iterator[Row]:
    """Return the rows that a database of a revision holds."""
    for known in REVISIONS[: REVISIONS.index(revision) + 1]:
        yield from OLD_ROWS[known]


def columns_at(revision: str) -> dict[str, set[str]]:
    """Return the columns of every table at a revision."""
    columns: dict[str, set[str]] = {}
    for table, row in rows_until(revision):
        columns.setdefault(table, set()).update(row)
    return columns


def insert(connection: Connection, revision: str) -> None:
    """Fill a database that is at a revision."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.exec_driver_sql("SET TIME ZONE 'UTC'")
    for table, row in rows_until(revision):
        if table in SINGLE:
            connection.exec_driver_sql(f"DELETE FROM {table}")
        values = ", ".join(_literal(value, dialect) for value in row.values())
        connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})")


def _literal(value: Any, dialect: str) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).upper()
        case Decimal():
            return str(int(value.scaleb(12))) if dialect == "sqlite" else str(value)
        case int() | float():
            return repr(value)
        case bytes():
            return f"X'{value.hex()}'" if dialect == "sqlite" else f"'\\x{value.hex()}'"
        case datetime():
            return f"'{value.replace(tzinfo=None).isoformat(' ', 'microseconds')}'"
        case str():
            return "'" + value.replace("'", "''") + "'"
    return _literal(json.dumps(value), dialect)
