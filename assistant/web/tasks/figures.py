"""Who may see how the service is doing."""

from assistant.answers import Role

READERS = frozenset({Role.ADMINISTRATOR, Role.OFFICER})
