"""Sealed personal payloads, one key a person; erasing destroys the key."""

from governance.vault.master import FileMaster, GivenMaster, MasterKey, MasterKeys, from_settings
from governance.vault.vault import Kind, Sealed, State, Vault

__all__ = [
    "FileMaster",
    "GivenMaster",
    "Kind",
    "MasterKey",
    "MasterKeys",
    "Sealed",
    "State",
    "Vault",
    "from_settings",
]
