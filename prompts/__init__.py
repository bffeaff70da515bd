"""Prompt templates, as data: ``<id>/v<N>.md`` with ``manifest.yaml``. Read by ``assistant.chat.prompt``."""
