"""The API: everything that the pages do, for other programs, under /api/v1."""

from fastapi import APIRouter

from assistant.web.api import (
    administration,
    agreements,
    answers,
    evaluations,
    guidance,
    jobs,
    people,
    quarantine,
    records,
    reviews,
    uploads,
)
from assistant.web.api.document import document

VERSION = "1"

router = APIRouter()
for part in (
    answers, jobs, reviews, uploads, quarantine, guidance, people, agreements, records, administration, evaluations,
):  # fmt: skip
    router.include_router(part.router)

__all__ = ["VERSION", "document", "router", "uploads"]
