"""From a question to a cited, recorded answer; the composition root, the command line and the pages."""
