"""Why: no library may call home. Each is told so before it is imported, whatever the environment says.

Two pointers are set with them: where tiktoken finds its data, so that it never looks further, and that no
model library may ask a hub.
"""

from __future__ import annotations

import os
from pathlib import Path

SILENCED = {
    "ANONYMIZED_TELEMETRY": "False",  # chromadb
    "AWS_EC2_METADATA_DISABLED": "true",  # boto would ask the cloud's metadata address for keys
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    # Not OTEL_SDK_DISABLED: it would silence the spans that an administrator asked for too (assistant.telemetry).
    "OTEL_TRACES_EXPORTER": "none",
    "OTEL_METRICS_EXPORTER": "none",
    "OTEL_LOGS_EXPORTER": "none",
    "TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS": "",  # presidio's e-mail recogniser
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # leave the accelerators' variables as they are
    "TOKENIZERS_PARALLELISM": "false",
}
"""Variable → value; the list is checked by a test that imports each library with the network cut."""


def silence(models_dir: Path) -> None:
    """Set every variable above, and point tiktoken at its installed data."""
    os.environ.update(SILENCED)
    os.environ["TIKTOKEN_CACHE_DIR"] = str(models_dir / "tiktoken")
