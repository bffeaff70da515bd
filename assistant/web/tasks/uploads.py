"""What somebody says of a file that they upload."""

from __future__ import annotations

from pydantic import BaseModel, Field

FIELDS = ("title", "uri", "publisher", "valid_from", "valid_to", "review_due")
"""Fields of the form that are metadata as they stand."""


class About(BaseModel):
    """What somebody said of a file, as it was typed."""

    title: str = ""
    uri: str = ""
    publisher: str = ""
    nations: list[str] = Field(default_factory=list)
    valid_from: str = ""
    valid_to: str = ""
    review_due: str = ""

    def metadata(self) -> dict[str, str]:
        """As it is written beside the file; what was left empty is left out."""
        said = {name: getattr(self, name).strip() for name in FIELDS}
        return {name: value for name, value in {**said, "nations": ", ".join(self.nations)}.items() if value}
