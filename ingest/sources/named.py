"""Why: where guidance comes from is written down once, by name, so that every run asks the same places for the same."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from governance.errors import LocationInvalid

Sort = Literal["folder", "files", "govuk", "sitemap", "urls"]
API = "/api/content"


class NamedSource(BaseModel):
    """One place that guidance comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(default="", max_length=60)
    """What it is called; what is gone is worked out within it."""
    location: str = Field(min_length=1)
    """A folder, ``s3://…``, ``abfs://…``, an address of a Content API, a sitemap or a page, or ``urls:FILE``."""
    kind: Sort | None = None
    """What it is, where its location does not say."""
    start: tuple[str, ...] = ()
    """Base paths to start from, for a Content API; more addresses, for a list of them."""
    follow: bool = True
    """Whether a Content API's pages are followed to what belongs to them."""
    delay_seconds: float = Field(default=1.0, ge=0, le=60)
    """Pause between requests to a web server."""
    most: int = Field(default=5_000, ge=1, le=200_000)
    """Most documents it may list; a place that lists more is refused whole."""
    endpoint: str = ""
    """Address of the server of a store (S3, Azure), which must be among the destinations."""
    options: dict[str, SecretStr] = {}
    """Keys for a store: ``key`` and ``secret``, or ``account_key``. Nothing is looked for elsewhere."""

    @property
    def sort(self) -> Sort:
        """What it is. Raises ``LocationInvalid`` where nothing says."""
        scheme = self.location.partition(":")[0].lower()
        if self.kind:
            return self.kind
        if scheme in ("http", "https"):
            path = urlsplit(self.location).path
            if path == API or path.startswith(API + "/"):
                return "govuk"
            return "sitemap" if path.endswith((".xml", ".xml.gz")) else "urls"
        if scheme == "urls":
            return "urls"
        if "://" in self.location:
            return "files"
        return "folder"

    @property
    def server(self) -> str:
        """Address of the server that it is fetched from; empty where it lies on this machine, or nothing says."""
        if self.endpoint or not self.location.lower().startswith(("http://", "https://")):
            return self.endpoint
        return self.location

    def urls(self) -> tuple[str, ...]:
        """Addresses of a list: its own, or one to a line of its file. Raises ``LocationInvalid``."""
        if not self.location.lower().startswith("urls:"):
            return (self.location, *self.start)
        file = Path(self.location[5:]).expanduser()
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise LocationInvalid(
                f"The list {file} cannot be read.", do="Give a text file, one address to a line."
            ) from error
        return (
            *(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")),
            *self.start,
        )
