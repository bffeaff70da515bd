"""Why: every part of the assistant is made in one place and in one way, when it is first needed, and any of them can
be exchanged for another.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from assistant.abstain import Calibration, calibration
from assistant.answers import Answer, Question
from assistant.asked import Asking
from assistant.chatting import Chatting
from assistant.compose import Composer
from assistant.conversation import Turns
from assistant.encoding import Encoding
from assistant.glossary import glossary
from assistant.governing import ledger_in
from assistant.keeping import Keeping
from assistant.limits import Limits
from assistant.making import in_words, maker_of
from assistant.noticing import configuration
from assistant.pipeline import Parts
from assistant.reaching import check_database, egress_for
from assistant.record import Maker, entry_of, read
from assistant.records import Records
from assistant.retrieve import Retriever
from assistant.review import Reviews
from assistant.risks import risks
from assistant.routes import routes
from assistant.settings import Settings
from assistant.switch import Switch
from assistant.telemetry import Telemetry, tracing_to
from assistant.vocabulary import Vocabularies
from governance.configuration import notice
from governance.egress import DataClass
from governance.errors import FrontlineError
from governance.ledger import Ledger
from governance.sealed_text import ERASED, SEALED
from governance.store import Store
from governance.vault import MasterKeys

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from governance.redaction import Redactor
    from ingest.embed import Embedder
    from ingest.snapshot import SnapshotReader


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _new_id() -> str:
    return "a" + secrets.token_hex(10)


class Assembly:
    """The parts of an assistant. Records are opened at once; models and indexes when they are first needed."""

    def __init__(
        self,
        settings: Settings,
        *,
        store: Store | None = None,
        embedder: Embedder | None = None,
        redactor: Redactor | None = None,
        snapshots: SnapshotReader | None = None,
        calibration: Calibration | None = None,
        chat_model: BaseChatModel | None = None,
        clock: Callable[[], dt.datetime] = _utc_now,
        ids: Callable[[], str] = _new_id,
        master: MasterKeys | None = None,
    ) -> None:
        self.settings = settings
        check_database(settings)
        self.store = store or Store.open(settings.governance_url)
        self.ledger: Ledger = ledger_in(self.store, settings)
        self.egress = egress_for(settings, self.ledger)
        notice(self.store, self.ledger, configuration(settings))
        self._chatting = Chatting(settings, self.egress, self.ledger, chat_model)
        self.records = Records(self.store, self.ledger, settings, clock, master)
        self.consents = self.records.consents
        self.vault = self.records.vault
        self._given = {"embedder": embedder, "redactor": redactor, "snapshots": snapshots}
        self._calibration = calibration
        self._clock = clock
        self._asking = Asking(ids, clock, settings.nation)

    @cached_property
    def embedder(self) -> Embedder:
        """Turns texts into vectors."""
        from assistant.ingestion import embedder_for

        return self._given["embedder"] or embedder_for(self.settings)  # type: ignore[return-value]

    @cached_property
    def redactor(self) -> Redactor:
        """Takes personal data out."""
        from assistant.redaction import redactor_for

        return self._given["redactor"] or redactor_for(self.settings)  # type: ignore[return-value]

    @cached_property
    def snapshots(self) -> SnapshotReader:
        """Hands out what is searched."""
        from assistant.ingestion import vectors_for
        from ingest.snapshot import SnapshotReader

        if given := self._given["snapshots"]:
            return given  # type: ignore[return-value]
        identity = self.embedder.identity
        vectors = partial(vectors_for, self.settings, self.ledger, identity)
        return SnapshotReader.open(self.settings.data_dir, identity, vectors)

    @cached_property
    def _keeping(self) -> Keeping:
        return Keeping(
            self.store,
            self.records.uses,
            self.vault,
            self.records.conversations,
            self._turns,
            self.reviews.hold,
        )

    @cached_property
    def _turns(self) -> Turns:
        return Turns(self.store, self._clock, dt.timedelta(hours=self.settings.event_hours))

    def _before(self, question: Question) -> Answer | None:
        """The last answer of a question's conversation to the same person, about the same citizen or none."""
        last = self._turns.last(question.conversation or "", question.person.id)
        if last is None:
            return None
        answer = read(entry_of(self.ledger, last), self.vault if question.citizen else None)
        return answer if answer.question not in (SEALED, ERASED, "") else None

    @cached_property
    def reviews(self) -> Reviews:
        """Doubts about answers, and experts' rulings."""
        return Reviews(self.store, self.ledger, lambda: self.redactor, self._clock)

    @cached_property
    def switch(self) -> Switch:
        """Stops answers at once."""
        return Switch(self.ledger)

    @cached_property
    def limits(self) -> Limits:
        """How much may be asked in a minute."""
        return Limits(self.store, self._clock, self.settings.questions_each, self.settings.questions_together)

    @cached_property
    def telemetry(self) -> Telemetry:
        """Figures and spans of what happens."""
        url = self.settings.telemetry_url
        return Telemetry(tracing_to(url, self.egress.client(DataClass.TELEMETRY)) if url else None)

    @cached_property
    def _retriever(self) -> Retriever:
        return Retriever(self._encoding, glossary())

    @cached_property
    def _encoding(self) -> Encoding:
        return Encoding(self.embedder)

    @cached_property
    def _vocabularies(self) -> Vocabularies:
        return Vocabularies()

    @cached_property
    def _parts(self) -> Parts:
        return Parts(
            question_limit=self.settings.question_limit,
            uses=self.records.uses,
            conversations=self.records.conversations,
            redactor=self.redactor,
            routes=routes(),
            risks=risks(self.settings.risks),
            retriever=self._retriever,
            composer=Composer(self._encoding, glossary()),
            vocabularies=self._vocabularies,
            calibration=self._calibration or calibration(),
            snapshots=self.snapshots,
            switch=self.switch,
            support=self.supports,
            proposer=self._chatting.proposer,
            rewriter=self._chatting.rewriter,
            before=self._before,
        )

    @cached_property
    def _maker(self) -> Maker:
        return maker_of(self.settings, self._parts, self.embedder, self.redactor, self._chatting.settled())

    @property
    def parts(self) -> Parts:
        """What the steps are made of."""
        return self._parts

    @property
    def maker(self) -> Maker:
        """What code, settings and models make the answers of this process."""
        return self._maker

    def in_force(self) -> dict[str, str]:
        """What decides how answers are made, in words, each with its version."""
        return in_words(self.settings, self._parts, self._maker)

    def supports(self, sentence: str, passages: Sequence[str]) -> float:
        """How well some passages carry a sentence, 0 to 1: a proxy by words, meaning and figures, not a proof."""
        from assistant.supports import support

        return support(sentence, passages, self.embedder)

    # --- being ready ------------------------------------------------------------------------------------

    def ready(self) -> dict[str, object]:
        """Each part with True, or with what is wrong with it; nothing heavy is loaded to find out."""
        return {
            "models": self._try(lambda: (self.embedder, self.redactor)),
            "snapshot": self._try(lambda: self.snapshots.current()),
            "ledger": self._try(self.ledger.size),
        }

    def warm(self) -> None:
        """Load what questions need, so that the first is as quick as the rest."""
        self.embedder.warm()
        self.redactor.warm()
        self._parts.vocabularies.of(self.snapshots.current())

    def close(self) -> None:
        """Stop what runs beside us, and release databases."""
        self._chatting.close()
        if "snapshots" in self.__dict__ and self._given["snapshots"] is None:
            self.snapshots.close()
        self.store.close()

    @staticmethod
    def _try(part: Callable[[], object]) -> object:
        try:
            part()
        except FrontlineError as error:
            return error.as_dict()
        return True
