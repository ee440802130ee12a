"""Credentials in the database, encrypted: each row with a data key of its own, which a key-encryption key wraps.

`service.CredentialService` is the way in, as `ProviderConfigService.credentials`. `encryption_keys` and `key_sources`
have the keys, `envelope` the encryption, `rows` the table, and is the only one that knows SQLAlchemy.
"""
