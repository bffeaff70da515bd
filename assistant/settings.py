"""Why: one page lists everything that can be set, and nothing else reads the environment.

Values come from, first wins: arguments, environment (``FRONTLINE_…``), ``frontline.toml`` in the working
directory (or the file named by ``FRONTLINE_SETTINGS_FILE``), the defaults below. Every field is
documented in docs/settings.md; a test fails when one is not.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from governance.egress import Destination
from governance.errors import SettingInvalid
from ingest.documents import Nation
from ingest.sources.named import NamedSource

SETTINGS_FILE = "frontline.toml"


def _cache_home() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _data_home() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


class Settings(BaseSettings):
    """Everything that can be set. Raises ``SettingInvalid`` through ``load`` on a value it cannot use."""

    model_config = SettingsConfigDict(
        env_prefix="FRONTLINE_", extra="forbid", frozen=True, toml_file=SETTINGS_FILE
    )

    data_dir: Path = Field(default_factory=lambda: _data_home() / "frontline-assistant")
    """Where the catalogue, the index, the ledger and the keys are kept."""

    models_dir: Path = Field(default_factory=lambda: _cache_home() / "frontline" / "models")
    """Where installed models are kept; may be shared between data directories."""

    database_url: str = ""
    """SQLAlchemy URL of the governance database; empty: SQLite in the data directory."""

    destinations: tuple[Destination, ...] = ()
    """Places on the network that may be reached, by name; empty: none. See docs/egress.md."""

    sources: tuple[NamedSource, ...] = ()
    """Places that guidance comes from, by name. See docs/sources.md."""

    embedder: str = "minilm"
    """Embedder: the name of an installed model, or the path of a sentence-transformers folder."""

    precision: Literal["", "int8", "fp32"] = ""
    """Arithmetic of the embedder on the processor; empty: that which suits the model (int8; MPNet loses too much, so fp32)."""

    threads: int = Field(default=2, ge=1, le=256)
    """Processor threads that a model may use."""

    chroma_url: str = ""
    """Chroma server that keeps the vectors; empty: they are kept in the data directory."""

    ray_workers: int = Field(default=2, ge=1, le=1000)
    """Ray actors that read files, and as many that embed, with `--engine ray`."""

    ray_join: bool = False
    """Whether `--engine ray` joins the Ray cluster that this machine is a node of, instead of starting its own."""

    nation: Nation | None = None
    """Nation taken when a question names none; empty: all nations, with a caution where sources differ."""

    question_limit: int = Field(default=2000, ge=100, le=20000)
    """Longest question, in characters."""

    name_detectors: Literal["both", "spacy", "rampart", "none"] = "both"
    """Which detectors look for personal names, besides the patterns, which always run."""

    controller: str = "the organisation that runs this service"
    """Who decides on the use of personal data (the controller), as records of agreement and hand-overs name it."""

    vault_master_key: SecretStr = SecretStr("")
    """Master key of the vault, 32 bytes in base64; empty: `keys/vault.key` in the data directory, made on first use."""

    retention: dict[str, int] = {}
    """Days for which a class of data is kept, where not as in the policy (`frontline privacy retention show`)."""

    retention_hours: int = Field(default=24, ge=0, le=24 * 7)
    """Hours between runs of the retention policy while the pages are served; 0: only by command."""

    backup_days: int = Field(default=35, ge=0, le=3650)
    """Days after which no backup holds what was erased; stated in each certificate of erasure."""

    model: str = ""
    """Chat model that proposes sentences, as PROVIDER:NAME; empty: sentences are chosen by rules."""

    model_url: str = ""
    """Address of the chat model's server; empty: the provider's usual one."""

    model_key: SecretStr = SecretStr("")
    """Key of the chat model's server."""

    model_region: str = ""
    """Region of a Bedrock model."""

    model_api_version: str = ""
    """Version of the interface of an Azure model."""

    model_seconds: int = Field(default=60, ge=1, le=600)
    """Longest time to wait for the chat model; sentences are chosen by rules when it has passed."""

    model_retries: int = Field(default=1, ge=0, le=5)
    """How often the chat model is asked again within that time where its server failed."""

    model_passages: int = Field(default=5, ge=1, le=20)
    """Passages that the chat model is shown, the best first."""

    model_tokens: int = Field(default=700, ge=50, le=8000)
    """Longest reply of the chat model, in tokens."""

    risks: Path | None = None
    """File of the topics that need an expert or a caution; empty: those of this release."""

    answers_at_once: int = Field(default=4, ge=1, le=64)
    """Answers that one process works on at once when they are asked for in the background."""

    answer_seconds: int = Field(default=120, ge=5, le=3600)
    """Longest time that an answer in the background may take; one that has not ended by then is told as lost."""

    event_hours: int = Field(default=24, ge=1, le=24 * 30)
    """Hours for which what an answer said on its way can be shown again; the answer itself stays in the ledger."""

    host: str = "127.0.0.1"
    """Address the pages are served at. Local people may sign in on loopback only."""

    port: int = Field(default=8600, ge=0, le=65535)
    """Port the pages are served at; 0: any free one. A port already taken is an error."""

    served_at: str = ""
    """Address at which people open the pages, where a proxy stands in front (`https://…`); empty: host and port."""

    sign_in: Literal["local", "oidc"] = "local"
    """How people sign in: by a name of their choosing, on loopback only, or at an OpenID Connect provider."""

    oidc_issuer: str = ""
    """Issuer of the identity provider, as its discovery document writes it; must be among the destinations."""

    oidc_client_id: str = ""
    """Name under which the provider knows this service."""

    oidc_client_secret: SecretStr = SecretStr("")
    """Secret shared with the provider; empty: a public client, held by PKCE alone."""

    oidc_audience: str = ""
    """Audience that a bearer token for the API must name; empty: the client's name."""

    oidc_roles_claim: str = "roles"
    """Claim of the provider that says what a person may do; dots lead into nested claims."""

    oidc_roles: dict[str, str] = {}
    """Value of that claim → role here; empty: the values are the roles' own names."""

    oidc_recheck_seconds: int = Field(default=300, ge=0, le=3600)
    """Seconds for which a person's roles are taken as they were; then the provider is asked again."""

    session_hours: int = Field(default=12, ge=1, le=24)
    """Hours after which a person signs in again, however busy."""

    session_minutes: int = Field(default=60, ge=1, le=24 * 60)
    """Minutes of idleness after which a person is signed out."""

    questions_each: int = Field(default=30, ge=1, le=10_000)
    """Questions and searches that one person may send in a minute."""

    questions_together: int = Field(default=600, ge=1, le=1_000_000)
    """Questions and searches that all together may send in a minute."""

    telemetry_url: str = ""
    """OpenTelemetry collector (OTLP over HTTP, `…/v1/traces`) that durations are sent to; empty: none."""

    log_format: Literal["text", "json"] = "text"
    """How log messages are written: for people, or one JSON document a line."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least severe message that is logged. Question text is never logged at any level."""

    @field_validator("data_dir", "models_dir", mode="after")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("nation", mode="before")
    @classmethod
    def _no_nation(cls, value: object) -> object:
        return None if value == "" else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = os.environ.get("FRONTLINE_SETTINGS_FILE", SETTINGS_FILE)
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)

    @classmethod
    def load(cls, **given: Any) -> Settings:
        """Read the settings once. Raises ``SettingInvalid``, naming the setting and where it came from."""
        file = os.environ.get("FRONTLINE_SETTINGS_FILE")
        if file and not Path(file).is_file():
            raise SettingInvalid(
                f"The settings file {file} does not exist.",
                do="Mend FRONTLINE_SETTINGS_FILE, or unset it to read frontline.toml in the working directory.",
            )
        try:
            return cls(**given)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise SettingInvalid(
                f"The setting {name} cannot be used: {first['msg']}.",
                do=f"Mend {name} in {file or SETTINGS_FILE} or FRONTLINE_{name.upper()} in the environment; "
                "docs/settings.md lists every setting.",
            ) from error
        except ValueError as error:  # a broken TOML file
            raise SettingInvalid(
                f"The settings file {file or SETTINGS_FILE} cannot be read: {error}.", do="Mend its TOML."
            ) from error

    @property
    def governance_url(self) -> str:
        """Database URL of ledger, consent and vault."""
        return self.database_url or f"sqlite:///{self.data_dir / 'governance.db'}"

    def model_path(self, name: str) -> Path:
        """Folder of an installed model, or the path itself where a path was given."""
        named = Path(name).expanduser()
        return named if named.is_absolute() or len(named.parts) > 1 else self.models_dir / name
