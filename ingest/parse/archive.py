"""Why: a Word file is an archive of XML, and both can be made to swell without end, so both are measured
and read through a hardened parser before any library that trusts them sees a byte.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from xml.sax import ContentHandler, SAXException

import defusedxml.sax
from defusedxml.common import DefusedXmlException

from governance.errors import DocumentCorrupt, DocumentHostile, DocumentLocked, DocumentTooLarge
from ingest.parse.limits import MIB, Limits


def opened(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """An archive whose size, ratio and number of entries are within the limits.

    Raises DocumentCorrupt, DocumentLocked, DocumentTooLarge (plainly too much) or DocumentHostile (a bomb).
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise DocumentCorrupt("it is not a whole archive", do="save or copy the file again") from error
    entries = archive.infolist()
    if len(entries) > limits.entries:
        raise DocumentTooLarge(
            f"it holds {len(entries):,} files; the limit is {limits.entries:,}", do="split it"
        )
    for entry in entries:
        if entry.flag_bits & 1:
            raise DocumentLocked("its contents are encrypted", do="save it without a password")
        if entry.file_size > MIB and entry.file_size > limits.ratio * max(1, entry.compress_size):
            ratio = entry.file_size // max(1, entry.compress_size)
            raise DocumentHostile(
                f"{entry.filename} unpacks to {ratio:,} times its size", do="do not open it"
            )
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked:
        raise DocumentTooLarge(
            f"it unpacks to {total:,} bytes; the limit is {limits.unpacked:,}", do="split it"
        )
    return archive


def check_xml(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Read every XML part once, refusing document types and entities. Raises DocumentHostile, DocumentCorrupt."""
    for entry in archive.infolist():
        if not entry.filename.lower().endswith((".xml", ".rels")) or not entry.file_size:
            continue
        try:
            with archive.open(entry) as part:
                content = part.read(limits.unpacked)
            defusedxml.sax.parse(io.BytesIO(content), ContentHandler(), forbid_dtd=True)
        except DefusedXmlException as error:
            raise DocumentHostile(
                f"{entry.filename} declares entities or a document type", do="do not open it"
            ) from error
        except (
            SAXException,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            ValueError,
        ) as error:
            raise DocumentCorrupt(f"{entry.filename} is damaged", do="save the file again") from error
