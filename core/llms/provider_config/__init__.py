"""Where a team keeps which providers and models it uses, with which parameters, prompts, credentials and state.

`service.ProviderConfigService` is the way in; `generation.Generator`, `factory.ProviderFactory` and
`aliases.ConfigAliases` make calls of what is stored. From the rows up: `models` are the tables, `repository` finds
rows, `recording` and `unit_of_work` change them on behalf of an actor, `registration` and `shared_rows` say what may be
stored, and the rooms say the rest:

access              who may do what
audit               what was done
credentials         secrets, encrypted
revisions           what everything was before
inheritance         parameters that take values from others
version_migration   parameters for another model or version
transfer            everything as a document, and back
tokens              API tokens
health              whether providers answer
discovery           what could be configured
server              all of it over HTTP
"""
