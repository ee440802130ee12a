"""What a service says of its methods, in the words of the commands. No I/O."""

from __future__ import annotations

from typing import Final

GROUP: Final = "core-llms providers"
# Each is a piece of a message of `core.llms.provider_config`, and what a user of the command does instead.
WORDS: Final = (
    ("change it by `update_provider_model`", f"change it by `{GROUP} update`"),
    ("by update_provider_model(…, updates={'is_active': True})", f"by `{GROUP} enable`"),
    ("by verify_provider_model(…)", f"by `{GROUP} verify`"),
    ("it is not configured; register it first", f"it is not configured; `{GROUP} register` does it"),
    ("set `api_key_env` to None in the same update", "give --unset api-key-env, too"),
    ("set `credential_id` to None in the same update", "give --unset credential, too"),
    ("`api_key_env` or `credential_id`", "--api-key-env or --credential"),
    ("change its secrets by `replace`", f"change its secrets by `{GROUP} credential replace`"),
    ("store it again, then go back", f"store it again by `{GROUP} credential store`, then go back"),
    ("store it first, then import", f"store it first by `{GROUP} credential store`, then import"),
    ('create the LLM with wire="chat"', "give --provider-version chat"),
    ('create the LLM with wire="responses" where', "give --provider-version responses where"),
    ("import with `merge`", "import it without --mode create"),
)


def reword(message: str, group: str = GROUP) -> str:
    """Return a message that names commands instead of methods: those of `group`, where each group has its own."""
    of_group = (
        ("update it by `update`, or choose another name", f"change it by `{group} update`, or choose another name"),
        ("`history` lists them", f"`{group} history` lists them"),
        ("; read it again", f"; `{group} show` says what it is now"),
    )
    for said, meant in (*WORDS, *of_group):
        message = message.replace(said, meant)
    return message
