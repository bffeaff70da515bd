"""Why: what a person cannot see must not reach the index, and the same words must always be the same characters.

Invisible characters carry instructions to a model past every reader (tag characters), or make a quote
differ from what is on the page (zero-width, soft hyphens, direction marks).
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from governance.errors import DocumentCorrupt
from ingest.parse.unseen import note

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls, but for white space
    "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # zero width, direction, soft hyphen
    "\ufe00-\ufe0f\ufff9-\ufffb\U000e0000-\U000e007f\U000e0100-\U000e01ef"  # variation selectors, tags
    "\ud800-\udfff]"  # halves of a character
)
_WATCHED = re.compile("[\u200b-\u200d\u202d\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]")
_SPACES = re.compile("[\t\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def clean(text: str) -> str:
    """Text without invisible characters, with ordinary spaces and line ends, in Unicode's composed form.

    Composed (NFC) and not compatible (NFKC): "½" and "m²" stay as they were written.
    """
    if _WATCHED.search(text):
        note(text)
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))))


def one_line(text: str) -> str:
    """Clean text with every run of white space made one space."""
    return " ".join(clean(text).split())


def decode(data: bytes) -> str:
    """Bytes as text: a byte-order mark first, then UTF-8, then the likeliest encoding. Not yet cleaned.

    Raises DocumentCorrupt where no encoding makes text of them.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                break
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and text.count("\0") * 10 < len(text):
        return text
    best = from_bytes(data[:1_000_000]).best()
    if best is None:
        raise DocumentCorrupt("no text encoding fits its bytes", do="save it again as UTF-8")
    return data.decode(best.encoding, errors="replace")
