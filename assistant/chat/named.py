"""Why: which chat model is asked, and where it is, is one setting that can be read and refused before it is used."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.settings import Settings
from governance.errors import SettingInvalid

USUAL_URL = {
    "openai": "https://api.openai.com/v1",
    "ollama": "http://127.0.0.1:11434",
}
"""Where a provider is when no address is set."""
PROVIDERS = ("llamacpp", "ollama", "openai", "azure", "bedrock")


@dataclass(frozen=True)
class Named:
    """A chat model by provider and name, and the address it is asked at ("" for the local llama.cpp)."""

    provider: str
    name: str
    url: str

    def __str__(self) -> str:
        return f"{self.provider}:{self.name}"


def named(settings: Settings) -> Named | None:
    """The chat model of the settings, or None where answers are composed by rules. Raises ``SettingInvalid``."""
    if not settings.model:
        return None
    provider, _, name = settings.model.partition(":")
    if provider not in PROVIDERS or not name:
        raise SettingInvalid(
            f"The setting model cannot be used: {settings.model!r} names no chat model.",
            do=f"Write it as PROVIDER:NAME; the providers are {', '.join(PROVIDERS)}. Empty: no chat model.",
        )
    if provider == "bedrock":
        if not settings.model_region:
            raise SettingInvalid(
                "The setting model_region cannot be used: Bedrock needs a region.",
                do="Name it, for example eu-west-2.",
            )
        return Named(
            provider,
            name,
            settings.model_url or f"https://bedrock-runtime.{settings.model_region}.amazonaws.com",
        )
    if provider == "azure" and not (settings.model_url and settings.model_api_version):
        raise SettingInvalid(
            "The setting model_url cannot be used: Azure needs an address and model_api_version.",
            do="Set both, as the resource's page in the Azure portal gives them.",
        )
    if provider == "llamacpp":
        return Named(provider, name, "")
    return Named(provider, name, settings.model_url or USUAL_URL.get(provider, ""))
