"""Why: a chat model reaches its server through the one way out, or not at all; and each provider's library is
loaded only by whoever chose it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from assistant.chat.limits import Limited
from assistant.chat.named import Named
from assistant.settings import Settings
from governance.egress import DataClass, Egress
from governance.errors import ModelMissing

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

Opened = Callable[[], contextlib.AbstractAsyncContextManager["Runnable[Any, Any]"]]
"""Opens a connection to a chat model for one question, and closes it, breaking off what is under way."""

_KEYS_AT_HAND = ("env", "shared-credentials-file", "config-file")
"""Where AWS's library may take keys from: what asks another address, or runs a program that may, is left out."""
LEAST_VARIED = 0.0
"""Temperature: the same question should be met the same way."""


def connect(
    named: Named, settings: Settings, egress: Egress, schema: dict[str, Any], *, url: str = "", key: str = ""
) -> Opened:
    """How to open the model. ``url`` and ``key`` stand in for the settings' where the server is our own.

    Raises ``SettingInvalid`` where its address is not a destination that may have a redacted question.
    """
    url = url or named.url
    egress.require("model_url", url, DataClass.REDACTED_QUESTION)
    key = key or settings.model_key.get_secret_value() or "none"

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Runnable[Any, Any]]:
        if named.provider == "bedrock":  # its library opens its own sockets: checked and recorded beside it
            call = await asyncio.to_thread(egress.admit, url, DataClass.REDACTED_QUESTION)
            try:
                yield _bedrock(named, settings, url)
            finally:
                await asyncio.to_thread(egress.end, call)
            return
        transport = Limited(egress.async_transport(DataClass.REDACTED_QUESTION))
        try:
            yield _MAKERS[named.provider](named, settings, url, key, transport, schema)
        finally:
            await transport.aclose()

    return opened


def given(model: BaseChatModel) -> Opened:
    """The same for a LangChain chat model that was handed to ``build``; it answers for its own connections."""

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Runnable[Any, Any]]:
        yield model

    return opened


def _openai(named: Named, settings: Settings, url: str, key: str, transport: Limited, schema: Any) -> Any:
    import httpx
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(
        model=named.name, base_url=url, api_key=SecretStr(key), http_async_client=httpx.AsyncClient(transport=transport, trust_env=False),
        http_client=_unused(), **_common(settings),
    )  # fmt: skip
    return model.bind(response_format=_json_schema(schema))


def _azure(named: Named, settings: Settings, url: str, key: str, transport: Limited, schema: Any) -> Any:
    import httpx
    from langchain_openai import AzureChatOpenAI

    model = AzureChatOpenAI(
        azure_deployment=named.name, azure_endpoint=url, api_key=SecretStr(key), api_version=settings.model_api_version,
        http_async_client=httpx.AsyncClient(transport=transport, trust_env=False), http_client=_unused(), **_common(settings),
    )  # fmt: skip
    return model.bind(response_format=_json_schema(schema))


def _ollama(named: Named, settings: Settings, url: str, key: str, transport: Limited, schema: Any) -> Any:
    try:
        from langchain_ollama import ChatOllama
    except ImportError as error:
        raise _missing("ollama") from error
    return ChatOllama(
        model=named.name, base_url=url, temperature=LEAST_VARIED, num_predict=settings.model_tokens, format=schema,
        async_client_kwargs={"transport": transport, "trust_env": False},
        client_kwargs={"headers": {"Authorization": f"Bearer {key}"}},
    )  # fmt: skip


def _bedrock(named: Named, settings: Settings, url: str) -> Any:
    try:
        from langchain_aws import ChatBedrockConverse
    except ImportError as error:
        raise _missing("bedrock") from error
    session = aws_session(settings.model_region)
    runtime, other = (session.client(name, endpoint_url=url) for name in ("bedrock-runtime", "bedrock"))
    return ChatBedrockConverse(
        model=named.name, region_name=settings.model_region, temperature=LEAST_VARIED, max_tokens=settings.model_tokens,
        client=runtime, bedrock_client=other,
    )  # fmt: skip


def aws_session(region: str) -> Any:
    """A session of AWS's library that finds keys in the environment and in its files, and asks nobody for them.

    By itself it would look for them at the cloud's metadata address, at a container's, or at a sign-in service: calls
    that no destination allows and no entry records.
    """
    import boto3
    from botocore.session import Session

    session = Session()
    chain = session.get_component("credential_provider")
    chain.providers = [provider for provider in chain.providers if provider.METHOD in _KEYS_AT_HAND]
    return boto3.Session(botocore_session=session, region_name=region)


_MAKERS: dict[str, Callable[..., Any]] = {
    "llamacpp": _openai,
    "openai": _openai,
    "azure": _azure,
    "ollama": _ollama,
}


def _common(settings: Settings) -> dict[str, Any]:
    return {
        "temperature": LEAST_VARIED,
        "max_tokens": settings.model_tokens,
        "max_retries": 0,  # we retry ourselves, where it can help
        "timeout": settings.model_seconds,
        "use_responses_api": False,
        "stream_usage": False,
    }


def _unused() -> Any:
    """A synchronous client that reaches nothing: only the asynchronous one is used."""
    import httpx

    return httpx.Client(transport=httpx.MockTransport(_refuse), trust_env=False)


def _refuse(_request: Any) -> Any:
    raise AssertionError("the synchronous client is not used")


def _json_schema(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "sentences", "schema": schema, "strict": True}}


def _missing(extra: str) -> ModelMissing:
    return ModelMissing(
        f"The library for {extra} models is not installed.", do=f"Install frontline-assistant[{extra}]."
    )
