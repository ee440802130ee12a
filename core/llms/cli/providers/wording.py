"""What a service says of its methods, in the words of the commands. No I/O."""

from __future__ import annotations

from typing import Final

_GROUP: Final = "core-llms providers"
# Each is a piece of a message of `core.llms.provider_config`, and what a user of the command does instead.
WORDS: Final = (
    ("change it by `update_provider_model`", f"change it by `{_GROUP} update`"),
    ("by update_provider_model(…, updates={'is_active': True})", f"by `{_GROUP} enable`"),
    ("by verify_provider_model(…)", f"by `{_GROUP} verify`"),
    ("it is not configured; register it first", f"it is not configured; `{_GROUP} register` does it"),
    ("set `api_key_env` to None in the same update", "give --unset api-key-env, too"),
    ("set `credential_id` to None in the same update", "give --unset credential, too"),
    ("`api_key_env` or `credential_id`", "--api-key-env or --credential"),
    ("update it by `update`, or choose another name", f"change it by `{_GROUP} update`, or choose another name"),
    ("change its secrets by `replace`", f"change its secrets by `{_GROUP} credential replace`"),
    ("`history` lists them", f"`{_GROUP} history` lists them"),
    ("; read it again", f"; `{_GROUP} show` says what it is now"),
    ("store it again, then go back", f"store it again by `{_GROUP} credential store`, then go back"),
    ("store it first, then import", f"store it first by `{_GROUP} credential store`, then import"),
    ("import with `merge`", "import it without --mode create"),
)


def reword(message: str) -> str:
    """Return a message that names commands instead of methods."""
    for said, meant in WORDS:
        message = message.replace(said, meant)
    return message
