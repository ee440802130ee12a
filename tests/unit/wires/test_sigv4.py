"""The signature, held against botocore's over generated requests."""

from __future__ import annotations

from datetime import UTC, datetime
from unittest.mock import patch
from urllib.parse import quote

from botocore.auth import SigV4Auth as JudgeAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import example, given
from hypothesis import strategies as st

from core.llms.types.secrets import Secret
from core.llms.wires.sigv4 import AWSCredentials, Scope, sign_request

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))
PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40)
ARNS = [
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-5-5",
    "arn:aws-us-gov:sagemaker:us-gov-west-1:123456789012:endpoint/a b+c~d_e.f",
    "anthropic.claude-haiku-4-5-20251001-v1:0",
]
MODELS = st.one_of(st.sampled_from(ARNS), st.text(min_size=1, max_size=30))
PATHS = st.one_of(
    st.tuples(MODELS, st.sampled_from(["converse", "converse-stream", "invoke", "count-tokens"])).map(
        lambda pair: f"/model/{quote(pair[0], safe='', errors='replace')}/{pair[1]}"
    ),
    st.lists(st.sampled_from(["", ".", "..", "a", "b%20c", "~", "é"]), max_size=6).map(lambda s: "/" + "/".join(s)),
    st.just(""),
)
HOSTS = st.sampled_from(
    [
        "https://bedrock-runtime.us-east-1.amazonaws.com",
        "https://Bedrock.EU-Central-1.amazonaws.com:443",
        "http://127.0.0.1:8080",
        "http://[::1]:80",
        "https://gateway.example:8443/team",
    ]
)
QUERIES = st.one_of(
    st.just(""),
    st.lists(
        st.tuples(st.sampled_from(["a", "a-b", "b", ""]), st.sampled_from(["", "1", "%2F", "x=y"])), max_size=4
    ).map(lambda pairs: "?" + "&".join(f"{name}={value}" for name, value in pairs)),
)


@given(
    st.sampled_from(["GET", "POST"]),
    st.tuples(HOSTS, PATHS, QUERIES).map("".join),
    st.one_of(st.none(), st.binary(max_size=200)),
    st.one_of(st.just({}), PRINTABLE.map(lambda text: {"content-type": text})),
    st.tuples(st.from_regex(r"[A-Z0-9]{16,20}", fullmatch=True), PRINTABLE, st.one_of(st.none(), PRINTABLE)),
    st.sampled_from(["us-east-1", "eu-central-1", "us-gov-west-1"]),
    MOMENTS,
)
@example(
    "POST",
    f"https://bedrock-runtime.us-east-1.amazonaws.com/model/{quote(ARNS[0], safe='')}/converse",
    b"{}",
    {"content-type": "application/json"},
    ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "token=="),
    "us-east-1",
    datetime(2026, 11, 21, 12, tzinfo=UTC),
)
def test_signature_is_botocore_s(
    method: str,
    url: str,
    body: bytes | None,
    headers: dict[str, str],
    key: tuple[str, str, str | None],
    region: str,
    moment: datetime,
) -> None:
    key_id, secret, token = key
    request = AWSRequest(method=method, url=url, headers=dict(headers), data=body)
    with patch("botocore.auth.get_current_datetime", return_value=moment):
        JudgeAuth(Credentials(key_id, secret, token), "bedrock", region).add_auth(request)
    expected = {name.lower(): value for name, value in request.headers.items()}

    credentials = AWSCredentials(key_id, Secret(secret), None if token is None else Secret(token))
    assert sign_request(method, url, body, headers, credentials, Scope(region, "bedrock"), moment) == expected
