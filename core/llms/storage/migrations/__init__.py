"""The history of the tables: every revision, in order. Each is a module of `versions`, run by `storage.migrate`."""

from typing import Final

REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")
HEAD: Final = REVISIONS[-1]
