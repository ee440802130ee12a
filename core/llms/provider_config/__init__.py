"""Where a team keeps which providers and models it uses, with which parameters, prompts and state.

`service.ProviderConfigService` is the way in; `generation.Generator` and `factory.ProviderFactory` make LLMs of what is
stored, `credentials` keeps secrets. SQLAlchemy is used in `models`, `repository` and `credentials.rows`.
"""
