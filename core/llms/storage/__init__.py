"""What is kept in a database: the engine, the tables, their migrations, and the stores over them.

SQLAlchemy is used here and nowhere below. Import the modules: this package only says what lacks where the extra
`config` is not installed.
"""

from importlib.util import find_spec

from core.llms.errors import ConfigurationError

_missing = [name for name in ("sqlalchemy", "alembic", "greenlet") if find_spec(name) is None]
if _missing:
    raise ConfigurationError(
        f"a database needs {', '.join(_missing)}, which the extra `config` brings: pip install 'core-llms[config]'"
    )
