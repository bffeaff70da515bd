"""Why: a crash inside llama.cpp must not take the assistant with it, so its server is a process of its own.

Run as ``python -m assistant.chat.llama_child RUNTIME MODEL THREADS CONTEXT``. Reads the key that clients must give
from its first line of input, prints its address as one line, and ends when its input does, so that it never outlives
whoever started it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def main(runtime: str, model: str, threads: str, context: str) -> None:
    """Serve a GGUF model on a free port of the loopback interface until input ends."""
    sys.path.insert(0, runtime)
    llama: Any = __import__("xllamacpp")
    params = llama.CommonParams()
    params.model.path = model
    params.model_alias = {Path(model).stem}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [sys.stdin.readline().strip()]
    params.n_ctx = int(context)
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = int(threads)
    params.sampling.seed = 7
    params.offline = True
    params.ui = False
    params.endpoint_slots = False
    server = llama.Server(params)
    sys.stdout.write(json.dumps({"address": server.listening_address}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
