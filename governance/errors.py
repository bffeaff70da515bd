"""Why: a caller should be able to catch, read and script against every failure from one page.

Every error a caller can meet is drawn here; nothing else is raised on purpose across a package's edge.
Each carries a stable ``code`` (scripts match on it), an HTTP ``status`` and a command's ``exit_code``,
and says in its message what went wrong and where; ``do`` says what to do about it.

    FrontlineError
    ├── InputError                      the caller can mend it (exit 2)
    │   ├── QuestionEmpty               question.empty
    │   ├── QuestionTooLong             question.too_long
    │   ├── QuestionNotText             question.not_text
    │   ├── NationUnknown               nation.unknown
    │   ├── DateInvalid                 date.invalid
    │   ├── OptionInvalid               option.invalid
    │   ├── SettingInvalid              setting.invalid
    │   ├── FolderNotFound              folder.not_found
    │   ├── FolderNotReadable           folder.not_readable
    │   ├── FileNotReadable             file.not_readable
    │   ├── AnswerUnknown               answer.unknown
    │   ├── JobUnknown                  answer.job_unknown
    │   ├── DocumentUnknown             document.unknown
    │   ├── PassageUnknown              passage.unknown
    │   ├── EntryUnknown                ledger.entry_unknown
    │   ├── CheckpointMalformed         checkpoint.malformed
    │   ├── ModelUnknown                model.unknown
    │   ├── NoticeUnknown               notice.unknown
    │   ├── ReviewUnknown               review.unknown
    │   ├── SentenceUnknown             review.sentence_unknown
    │   ├── ReasonMissing               review.reason
    │   ├── RulingInvalid               review.ruling_invalid
    │   ├── PersonUnknown               person.unknown
    │   ├── QuarantineUnknown           quarantine.unknown
    │   ├── LocationInvalid             source.location_invalid
    │   ├── UploadInvalid               upload.invalid
    │   ├── PurposeUnknown              agreement.purpose_unknown
    │   ├── AgreementUnknown            agreement.unknown
    │   ├── HoldUnknown                 hold.unknown
    │   ├── HandoverUnknown             handover.unknown
    │   ├── PayloadUnknown              vault.payload_unknown
    │   ├── FactUnknown                 fact.unknown
    │   ├── SuiteUnknown                suite.unknown
    │   ├── EvaluationUnknown           evaluation.unknown
    │   ├── CaseInvalid                 case.invalid
    │   ├── RunIncomplete               run.incomplete
    │   ├── LabelsMissing               labels.missing
    │   ├── PolicyInvalid               policy.invalid
    │   ├── RequestInvalid              request.invalid
    │   ├── RequestMalformed            request.malformed
    │   ├── RequestTooLarge             request.too_large
    │   ├── MediaTypeUnsupported        request.media_type
    │   ├── AddressUnknown              request.address_unknown
    │   └── MethodNotAllowed            request.method
    ├── Refused                         allowed to nobody, or not to this person, or not now
    │   ├── NoticeNotAcknowledged       notice.not_acknowledged
    │   ├── AgreementMissing            agreement.missing
    │   ├── AgreementState              agreement.state
    │   ├── ConversationOfAnother       conversation.of_another
    │   ├── ConversationMovedOn         conversation.moved_on
    │   ├── TokenForeign                token.foreign
    │   ├── PayloadErased               vault.payload_erased
    │   ├── ErasureHeld                 erasure.held
    │   ├── NotSignedIn                 person.not_signed_in
    │   ├── NotPermitted                person.not_permitted
    │   ├── SignInFailed                person.sign_in_failed
    │   ├── RoleMissing                 person.role_missing
    │   ├── TokenInvalid                person.token_invalid
    │   ├── LimitReached                request.limit_reached
    │   ├── KeyReused                   request.key_reused
    │   ├── LoopbackOnly                serve.loopback_only
    │   ├── HostNotServed               request.host
    │   ├── CrossSiteRequest            request.cross_site
    │   ├── FormOutOfDate               request.form_out_of_date
    │   ├── EmbedderMismatch            index.embedder_mismatch
    │   ├── DataFromNewerVersion        data.newer_version
    │   ├── IngestRunning               ingest.running
    │   ├── DocumentWithdrawn           document.already_withdrawn
    │   ├── DocumentNotWithdrawn        document.not_withdrawn
    │   ├── SourceEmpty                 source.empty
    │   ├── QuarantineDecided           quarantine.decided
    │   ├── AnswerCancelled             answer.cancelled
    │   ├── ErasureElsewhere            erasure.elsewhere
    │   ├── ReadingReasonMissing        reading.reason
    │   ├── OwnAnswer                   review.own_answer
    │   ├── ReviewClosed                review.closed
    │   ├── AnswerChanged               review.answer_changed
    │   ├── HoldoutChanged              suite.holdout_changed
    │   ├── RunsDiffer                  run.differs
    │   ├── JudgeNotShown               judge.not_shown
    │   ├── CheckpointUntrusted         checkpoint.untrusted
    │   ├── WitnessConflict             witness.conflict
    │   ├── HistoryChanged              witness.history_changed
    │   ├── DestinationRefused          egress.refused
    │   └── AlreadyExists               store.already_exists
    ├── Failed                          something here or beside us broke (exit 1)
    │   ├── StorageFull                 storage.full
    │   ├── StorageUnwritable           storage.unwritable
    │   ├── ModelMissing                model.missing
    │   ├── ModelFailed                 model.failed
    │   ├── ModelCorrupt                model.corrupt
    │   ├── DownloadFailed              model.download_failed
    │   ├── SourceUnreachable           source.unreachable
    │   ├── IndexEmpty                  index.empty
    │   ├── IndexDamaged                index.damaged
    │   ├── VectorsUnreachable          index.vectors_unreachable
    │   ├── EngineMissing               ingest.engine_missing
    │   ├── LedgerBroken                ledger.broken
    │   ├── KeyUnusable                 ledger.key_unusable
    │   ├── MasterKeyMissing            vault.master_key_missing
    │   ├── MasterKeyWrong              vault.master_key_wrong
    │   ├── PayloadMissing              vault.payload_missing
    │   ├── PayloadDamaged              vault.payload_damaged
    │   ├── WitnessBroken               witness.broken
    │   ├── RecordFailed                record.failed
    │   ├── AnswerLost                  answer.lost
    │   ├── RedactionFailed             redaction.failed
    │   ├── ProviderUnreachable         person.provider_unreachable
    │   └── PortTaken                   serve.port_taken
    └── DocumentRejected                one document could not be taken in; the run goes on
        ├── DocumentEmpty               document.empty
        ├── DocumentCorrupt             document.corrupt
        ├── DocumentLocked              document.locked
        ├── DocumentTooLarge            document.too_large
        ├── DocumentTooSlow             document.too_slow
        ├── DocumentUnsupported         document.unsupported
        ├── DocumentWithoutText         document.without_text
        ├── DocumentHostile             document.hostile
        ├── MetadataInvalid             document.metadata_invalid
        ├── DocumentConflict            document.conflict
        ├── DocumentUnreachable         document.unreachable
        └── DocumentQuarantined         document.quarantined
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class FrontlineError(Exception):
    """Root of every error a caller can meet.

    ``message`` says what and where; ``do`` what to do about it. ``code`` is stable across releases.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    """HTTP status the API answers with."""
    exit_code: ClassVar[int] = 1
    """Exit status of a command."""

    def __init__(self, message: str, *, do: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.do = do

    def as_dict(self) -> dict[str, str]:
        """The error as one flat document, for ``--json`` and for the API."""
        return {"code": self.code, "message": self.message, "do": self.do}


def error_of(document: Mapping[str, str]) -> FrontlineError:
    """The error that a document of ``as_dict`` describes; of the root where this release has no such code."""
    waiting: list[type[FrontlineError]] = [FrontlineError]
    while waiting:
        kind = waiting.pop()
        if kind.code == document["code"]:
            break
        waiting += kind.__subclasses__()
    else:
        kind = FrontlineError
    return kind(document["message"], do=document.get("do", ""))


# --- the caller can mend it -------------------------------------------------------------------------


class InputError(FrontlineError):
    """What was given cannot be used as it is."""

    code = "input"
    status = 422
    exit_code = 2


class QuestionEmpty(InputError):
    """Nothing was asked, or nothing was left after control and invisible characters were removed."""

    code = "question.empty"


class QuestionTooLong(InputError):
    """The question is longer than the limit in the settings."""

    code = "question.too_long"


class QuestionNotText(InputError):
    """The question holds bytes or control characters that are not text."""

    code = "question.not_text"


class NationUnknown(InputError):
    """The nation is not one of the four."""

    code = "nation.unknown"


class DateInvalid(InputError):
    """The date is not an ISO date (YYYY-MM-DD)."""

    code = "date.invalid"


class OptionInvalid(InputError):
    """An option or argument has a value outside its range."""

    code = "option.invalid"


class SettingInvalid(InputError):
    """A setting in the environment or in frontline.toml cannot be used."""

    code = "setting.invalid"


class FolderNotFound(InputError):
    """The folder does not exist, or is not a folder."""

    code = "folder.not_found"
    status = 404


class FolderNotReadable(InputError):
    """The folder exists and may not be read."""

    code = "folder.not_readable"


class FileNotReadable(InputError):
    """A file given to a command does not exist or may not be read."""

    code = "file.not_readable"


class AnswerUnknown(InputError):
    """No answer has this id."""

    code = "answer.unknown"
    status = 404


class JobUnknown(InputError):
    """No answer is under way, or was lately, with this id."""

    code = "answer.job_unknown"
    status = 404


class DocumentUnknown(InputError):
    """No document has this id or uri."""

    code = "document.unknown"
    status = 404


class PassageUnknown(InputError):
    """No passage has this id."""

    code = "passage.unknown"
    status = 404


class EntryUnknown(InputError):
    """The ledger holds no such entry."""

    code = "ledger.entry_unknown"
    status = 404


class CheckpointMalformed(InputError):
    """What was sent to a witness is not a checkpoint with its proof."""

    code = "checkpoint.malformed"
    status = 400


class ModelUnknown(InputError):
    """No pinned model has this name."""

    code = "model.unknown"
    status = 404


class NoticeUnknown(InputError):
    """No notice has this id."""

    code = "notice.unknown"
    status = 404


class ReviewUnknown(InputError):
    """No review has that reference."""

    code = "review.unknown"
    status = 404


class SentenceUnknown(InputError):
    """The answer has no such sentence."""

    code = "review.sentence_unknown"


class QuarantineUnknown(InputError):
    """Nothing in quarantine has this id."""

    code = "quarantine.unknown"
    status = 404


class LocationInvalid(InputError):
    """A place that was named as a source is of no kind that can be listed."""

    code = "source.location_invalid"
    status = 422


class UploadInvalid(InputError):
    """An uploaded file has no usable name, or is too large or empty."""

    code = "upload.invalid"
    status = 422


class ReasonMissing(InputError):
    """Nothing was written where words are needed, or more than is kept."""

    code = "review.reason"


class RulingInvalid(InputError):
    """A ruling without what its decision needs."""

    code = "review.ruling_invalid"


class PersonUnknown(InputError):
    """Nobody is known under this pseudonym."""

    code = "person.unknown"
    status = 404


class PurposeUnknown(InputError):
    """The purpose is not in the closed list, or the notice does not offer it."""

    code = "agreement.purpose_unknown"


class AgreementUnknown(InputError):
    """No agreement has this record."""

    code = "agreement.unknown"
    status = 404


class HoldUnknown(InputError):
    """No legal hold has this id, or it is over."""

    code = "hold.unknown"
    status = 404


class HandoverUnknown(InputError):
    """No hand-over has this id."""

    code = "handover.unknown"
    status = 404


class PayloadUnknown(InputError):
    """The vault never held a payload of this id."""

    code = "vault.payload_unknown"
    status = 404


class FactUnknown(InputError):
    """No fact of this name is kept about the person."""

    code = "fact.unknown"
    status = 404


class SuiteUnknown(InputError):
    """No evaluation suite has this name."""

    code = "suite.unknown"
    status = 404


class EvaluationUnknown(InputError):
    """No scored run has this name, or it has no such file."""

    code = "evaluation.unknown"
    status = 404


class CaseInvalid(InputError):
    """An evaluation case breaks its schema."""

    code = "case.invalid"


class RunIncomplete(InputError):
    """A stored evaluation run is missing, cut off, or of another suite than the one it is compared with."""

    code = "run.incomplete"


class LabelsMissing(InputError):
    """Labels that a figure needs are not there: one rater only, no case labelled by both."""

    code = "labels.missing"


class PolicyInvalid(InputError):
    """A policy file (redaction, outcomes, notices) breaks its schema."""

    code = "policy.invalid"


class RequestInvalid(InputError):
    """A request has a field that is missing, unknown or of the wrong type."""

    code = "request.invalid"


class RequestMalformed(InputError):
    """A request's body is not the JSON or the form it says it is."""

    code = "request.malformed"
    status = 400


class RequestTooLarge(InputError):
    """A request's body is larger than any question can be."""

    code = "request.too_large"
    status = 413


class MediaTypeUnsupported(InputError):
    """The API takes JSON only."""

    code = "request.media_type"
    status = 415


class AddressUnknown(InputError):
    """Nothing is served at this address."""

    code = "request.address_unknown"
    status = 404


class MethodNotAllowed(InputError):
    """The address exists and does not take this method."""

    code = "request.method"
    status = 405


# --- allowed to nobody, or not to this person, or not now -----------------------------------------------


class Refused(FrontlineError):
    """Understood, and not done."""

    code = "refused"
    status = 403
    exit_code = 2


class NoticeNotAcknowledged(Refused):
    """The person has not acknowledged the notice that is in force."""

    code = "notice.not_acknowledged"


class AgreementMissing(Refused):
    """A use of data needs an agreement that is not there, or not any more; the refusal is recorded."""

    code = "agreement.missing"


class AgreementState(Refused):
    """An agreement cannot go from the state it is in to the one that was asked for."""

    code = "agreement.state"
    status = 409


class ConversationOfAnother(Refused):
    """A conversation about one person cannot go on about another."""

    code = "conversation.of_another"
    status = 409


class ConversationMovedOn(Refused):
    """Another question of the same conversation was kept meanwhile and gave a token another meaning."""

    code = "conversation.moved_on"
    status = 409


class TokenForeign(Refused):
    """A token is not one of this conversation, so what it stands for is not told."""

    code = "token.foreign"


class PayloadErased(Refused):
    """What was sealed here was erased, by authority and with a record of it."""

    code = "vault.payload_erased"
    status = 410


class ErasureHeld(Refused):
    """A legal hold forbids the erasure; the refusal is recorded."""

    code = "erasure.held"
    status = 409


class NotSignedIn(Refused):
    """Nobody is signed in."""

    code = "person.not_signed_in"
    status = 401


class NotPermitted(Refused):
    """The person's role does not allow this."""

    code = "person.not_permitted"


class SignInFailed(Refused):
    """A sign-in at the identity provider did not come back as it was sent out, or is not meant for this service."""

    code = "person.sign_in_failed"


class RoleMissing(Refused):
    """The identity provider knows the person and gives them no role here."""

    code = "person.role_missing"


class TokenInvalid(Refused):
    """A bearer token is not one of this service's provider, is meant for another service, or has run out."""

    code = "person.token_invalid"
    status = 401


class LimitReached(Refused):
    """More was asked in a while than one person, or all together, may ask."""

    code = "request.limit_reached"
    status = 429

    def __init__(self, message: str, *, do: str = "", retry_after: int = 1) -> None:
        super().__init__(message, do=do)
        self.retry_after = retry_after
        """Seconds after which it is worth trying again."""


class KeyReused(Refused):
    """An idempotency key was used before for another request."""

    code = "request.key_reused"
    status = 409


class LoopbackOnly(Refused):
    """Local people may sign in on the loopback interface only."""

    code = "serve.loopback_only"


class HostNotServed(Refused):
    """The Host header names a host that is not served here, as when a foreign name is pointed at this machine."""

    code = "request.host"
    status = 400


class CrossSiteRequest(Refused):
    """Another site's page sent the request."""

    code = "request.cross_site"


class FormOutOfDate(Refused):
    """A form's token does not belong to the session that sends it."""

    code = "request.form_out_of_date"


class EmbedderMismatch(Refused):
    """The index was built with another embedder; mixing vectors would silently spoil every search."""

    code = "index.embedder_mismatch"
    status = 409


class DataFromNewerVersion(Refused):
    """The data directory was written by a newer version of this program."""

    code = "data.newer_version"
    status = 409


class DocumentWithdrawn(Refused):
    """A person has withdrawn the document already."""

    code = "document.already_withdrawn"
    status = 409


class DocumentNotWithdrawn(Refused):
    """There is no withdrawal by a person that could be undone."""

    code = "document.not_withdrawn"
    status = 409


class IngestRunning(Refused):
    """Another ingest holds this data directory."""

    code = "ingest.running"
    status = 409


class SourceEmpty(Refused):
    """A source that held documents lists none; removing everything on a mistake would be worse than waiting."""

    code = "source.empty"
    status = 409


class QuarantineDecided(Refused):
    """A person has decided about this file already; the decision stands while the file does not change."""

    code = "quarantine.decided"
    status = 409


class AnswerCancelled(Refused):
    """Whoever asked stopped the answer before it was recorded."""

    code = "answer.cancelled"
    status = 409


class ErasureElsewhere(Refused):
    """What should be erased is kept on another machine, whose disk cannot be looked at from here."""

    code = "erasure.elsewhere"
    status = 409


class ReadingReasonMissing(Refused):
    """Records are read for a reason, which is recorded with the reading."""

    code = "reading.reason"
    status = 403


class OwnAnswer(Refused):
    """Nobody rules on an answer they asked for, or on a doubt they raised."""

    code = "review.own_answer"
    status = 403


class ReviewClosed(Refused):
    """The first ruling stands."""

    code = "review.closed"
    status = 409


class AnswerChanged(Refused):
    """A ruling is bound to the text the expert saw."""

    code = "review.answer_changed"
    status = 409


class HoldoutChanged(Refused):
    """The frozen holdout of a suite is not the one that the suite names."""

    code = "suite.holdout_changed"
    status = 409


class RunsDiffer(Refused):
    """Two evaluation runs were made over different guidance, so a difference says nothing of the assistant."""

    code = "run.differs"
    status = 409


class JudgeNotShown(Refused):
    """A judge model whose agreement with people was not measured, or is too small, scores nothing."""

    code = "judge.not_shown"
    status = 409


class CheckpointUntrusted(Refused):
    """A checkpoint is of a ledger that the witness does not know, or is not signed by that ledger's key."""

    code = "checkpoint.untrusted"


class WitnessConflict(Refused):
    """A checkpoint does not start from the last one that the witness signed."""

    code = "witness.conflict"
    status = 409


class HistoryChanged(Refused):
    """A ledger shows a history other than the one its witness saw: entries were changed, removed or reordered."""

    code = "witness.history_changed"
    status = 422
    exit_code = 1


class DestinationRefused(Refused):
    """A place that is not among the destinations allowed by name, or not for this kind of data, or not at this address."""

    code = "egress.refused"


class AlreadyExists(Refused):
    """It is there already, and records are never overwritten."""

    code = "store.already_exists"
    status = 409


# --- something here or beside us broke -------------------------------------------------------------------


class Failed(FrontlineError):
    """The work could not be finished; the previous state is intact."""

    code = "failed"
    status = 503


class StorageFull(Failed):
    """The disk (or its quota) is full."""

    code = "storage.full"
    status = 507


class StorageUnwritable(Failed):
    """A directory the program needs may not be written."""

    code = "storage.unwritable"


class ModelMissing(Failed):
    """A model that is needed is not installed."""

    code = "model.missing"


class ModelFailed(Failed):
    """A chat model was asked and gave nothing that can be used; answers are then composed by rules."""

    code = "model.failed"


class ModelCorrupt(Failed):
    """A model's files do not have the pinned hash."""

    code = "model.corrupt"


class DownloadFailed(Failed):
    """A model's wheel could not be downloaded."""

    code = "model.download_failed"


class SourceUnreachable(Failed):
    """A source cannot be listed in full now, so nothing of it was changed."""

    code = "source.unreachable"
    status = 502


class IndexEmpty(Failed):
    """Nothing has been ingested yet."""

    code = "index.empty"


class IndexDamaged(Failed):
    """The index and the catalogue disagree, or a file of the index is unreadable."""

    code = "index.damaged"


class VectorsUnreachable(Failed):
    """The Chroma server that the settings name does not answer, or not as one does."""

    code = "index.vectors_unreachable"
    status = 503


class EngineMissing(Failed):
    """The engine that was asked for is not installed, or cannot start."""

    code = "ingest.engine_missing"


class LedgerBroken(Failed):
    """The ledger does not verify: something in it was changed, removed or reordered."""

    code = "ledger.broken"


class KeyUnusable(Failed):
    """A signing key's file cannot be read, or holds something else."""

    code = "ledger.key_unusable"


class MasterKeyMissing(Failed):
    """The vault's master key is not where the settings say; nothing was changed."""

    code = "vault.master_key_missing"


class MasterKeyWrong(Failed):
    """The vault's keys are wrapped by another master key than the one given; nothing was changed."""

    code = "vault.master_key_wrong"


class PayloadMissing(Failed):
    """A sealed payload is gone without an erasure that accounts for it: an alarm."""

    code = "vault.payload_missing"


class PayloadDamaged(Failed):
    """A sealed payload is not what the ledger's entry committed to."""

    code = "vault.payload_damaged"


class WitnessBroken(Failed):
    """A witness cannot read its own record, so it signs nothing."""

    code = "witness.broken"


class RecordFailed(Failed):
    """The answer could not be recorded, so it was not given."""

    code = "record.failed"


class AnswerLost(Failed):
    """Whatever was making an answer stopped or broke before it was recorded."""

    code = "answer.lost"


class RedactionFailed(Failed):
    """The text could not be read for personal data to the end, so none of it was released."""

    code = "redaction.failed"


class ProviderUnreachable(Failed):
    """The identity provider does not answer, or answers with something else."""

    code = "person.provider_unreachable"


class PortTaken(Failed):
    """Another program serves at this port."""

    code = "serve.port_taken"


# --- one document could not be taken in -------------------------------------------------------------------


class DocumentRejected(FrontlineError):
    """One document was not taken in; reported by name and reason, and the run goes on."""

    code = "document.rejected"
    status = 422


class DocumentEmpty(DocumentRejected):
    """The file holds nothing."""

    code = "document.empty"


class DocumentCorrupt(DocumentRejected):
    """The file cannot be parsed as what it says it is."""

    code = "document.corrupt"


class DocumentLocked(DocumentRejected):
    """The file needs a password."""

    code = "document.locked"


class DocumentTooLarge(DocumentRejected):
    """The file, what it unpacks to, or its pages exceed a cap."""

    code = "document.too_large"


class DocumentTooSlow(DocumentRejected):
    """Parsing took longer than the cap."""

    code = "document.too_slow"


class DocumentUnsupported(DocumentRejected):
    """No parser takes this format."""

    code = "document.unsupported"


class DocumentWithoutText(DocumentRejected):
    """The file parses and holds no text (a scan, pictures only, furniture only)."""

    code = "document.without_text"


class DocumentHostile(DocumentRejected):
    """The file tries something a document has no business trying (external entities, bombs)."""

    code = "document.hostile"


class MetadataInvalid(DocumentRejected):
    """Front matter or sidecar metadata is missing a field, malformed, or makes no sense."""

    code = "document.metadata_invalid"


class DocumentConflict(DocumentRejected):
    """Two files claim one uri for overlapping periods."""

    code = "document.conflict"


class DocumentUnreachable(DocumentRejected):
    """The source lists it and does not give it now; what it gave before still stands."""

    code = "document.unreachable"


class DocumentQuarantined(DocumentRejected):
    """A person must look at it before it may be quoted; ``findings`` says why."""

    code = "document.quarantined"

    def __init__(self, message: str, *, do: str = "", findings: tuple[object, ...] = ()) -> None:
        super().__init__(message, do=do)
        self.findings = findings
