"""Why: guidance to try the assistant with, in every format that colleagues keep guidance in."""
