"""Where a call runs: in a project or a space, or at a deployment, which has its own."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from core.llms.errors import InvalidRequestError


@dataclass(frozen=True, slots=True)
class WatsonxScope:
    """A project or a space, of which the project counts first, and a deployment that answers instead of a model."""

    project_id: str | None = None
    space_id: str | None = None
    deployment_id: str | None = None

    @property
    def place(self) -> dict[str, str]:
        """The field that names project or space. Raises `InvalidRequestError` where there is neither."""
        if self.project_id is not None:
            return {"project_id": self.project_id}
        if self.space_id is not None:
            return {"space_id": self.space_id}
        raise InvalidRequestError("watsonx.ai must be told a project or a space: give `project_id` or `space_id`")

    def path(self, operation: str, model: str) -> tuple[str, dict[str, str]]:
        """Return the path of an operation on text, and what its body says of model and place."""
        if self.deployment_id is not None:
            return f"/ml/v1/deployments/{quote(self.deployment_id, safe='')}/text/{operation}", {}
        return f"/ml/v1/text/{operation}", {"model_id": model, **self.place}
