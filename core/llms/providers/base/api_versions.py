"""Which versions of its API a provider lets a caller choose."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiVersions:
    """The versions that the argument `api_version` of a provider's factory takes.

    `known` are those that there are known to be, the usual one first. `form` matches further ones, where a vendor
    makes new versions of a certain form; None: there are no others.
    """

    known: tuple[str, ...]
    form: str | None = None

    def takes(self, version: str) -> bool:
        """Tell whether a version is one, or may be."""
        return version in self.known or (self.form is not None and re.fullmatch(self.form, version) is not None)
