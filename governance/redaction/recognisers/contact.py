"""Why: what reaches a person: postcode, telephone, e-mail, network address."""

from __future__ import annotations

import ipaddress

import regex

from governance.redaction.shape import Shape

_AREAS = (
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN "
    "EX FK FY G GL GU GX GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N "
    "NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ "
    "TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)


class Postcode(Shape):
    """A British postcode: a real area, and an inward part without C, I, K, M, O, V (Royal Mail PAF guide)."""

    ENTITY = "UK_POSTCODE"
    PATTERNS = (
        (
            "postcode",
            rf"(?<![\p{{L}}\d])(?:(?:{'|'.join(_AREAS.split())})\d(?:\d|[ABCDEFGHJKMNPRSTUVWXY])?"
            r"[ \t\-]{0,2}\d[ABD-HJLNP-UW-Z]{2}|GIR[ ]?0AA)(?![\p{L}\d])",
            0.8,
        ),
        (
            "postcode with a letter for a digit",
            r"(?<![\p{L}\d])[A-Z]{1,2}[0-9OIL][0-9A-Z]?[ ]{1,2}[0-9OIL][A-Z]{2}(?![\p{L}\d])",
            0.1,
        ),
    )
    CONTEXT = (r"post ?codes?", r"address(?:es)?", r"lives? (?:at|in)", "living (?:at|in)")
    before = 40
    after = 0

    def confirm(self, value: str, near: bool) -> float | None:
        """ "E1 2nd" is an ordinal, and "e1 3pm" a time, unless the words nearby say postcode."""
        return 0.0 if not near and regex.search(r"[ ](?:1st|2nd|3rd|\dth|\d[ap]m)$", value) else None


class Phone(Shape):
    """Telephone numbers: British ones by their own shape, others by an international prefix, the North American
    form, or a word nearby. Amounts, years and regulation numbers have none of these."""

    ENTITY = "PHONE_NUMBER"
    PATTERNS = (
        (
            "British number",
            r"(?<![\d£$.,/\-+])(?:(?:\+|00)44[ \-]?(?:\(0\))?[ \-]?\(?|\(?0)(?!0)\d{2,5}\)?(?:[ \-.]?\d){5,8}(?![\d])",
            0.75,
        ),
        (
            "international number",
            r"(?<![\p{L}\d£$])(?:\+|00)[ ]?[1-9]\d{0,3}[ \-.]?(?:\(\d{1,4}\)[ \-.]?)?(?:\d[ \-.]?){5,12}\d(?![\d])",
            0.75,
        ),
        (
            "North American form",
            r"(?<![\d£$\-])(?:\+?1[ \-.])?(?:\(\d{3}\)[ ]?|\d{3}[\-.])\d{3}[\-.]\d{4}(?:x\d{1,5})?(?![\d\-])",
            0.75,
        ),
        ("pairs or threes", r"(?<![\d£$\-/])\(?\d{2,4}\)?(?:[ \-./]\d{2,4}){2,4}(?![\d\-/])", 0.1),
        ("two groups", r"(?<![\d£$\-/,])\(?\d{2,4}\)?[ \-]\d{4,8}(?![\d\-/])", 0.1),
        ("closed up", r"(?<![\d£$,.])\d{7,13}(?![\d,])", 0.1),
    )
    CONTEXT = (
        r"(?:tele)?phoned?s?(?: (?:number|no))?",
        r"tel\.?",
        r"mob(?:ile)?\.?s?",
        "landline",
        r"fax",
        r"whats ?app",
        r"calls?(?: (?:me|him|her|them|us|back))? (?:on|at)",
        r"call(?:ed|ing)? (?:from|me|him|her|them)",
        r"call(?=[ ]*\x00)",
        r"r[ai]ng (?:on|from|me|him|her|them|back)",
        r"text(?:ed)? (?:on|me|him|her|them)?",
        r"reach(?:ed|able)? (?:on|at|me|him|her)?",
        r"contact(?:ed|able)? (?:on|at|number|no)",
        r"answering at",
        r"on my registered",
        r"(?:my|his|her|their) (?:[a-z]{2,12} )?number (?:is|was)",
        r"(?<=\x00[ ]*)(?:office|fax|mobile|home|work)",
    )
    before = 40
    after = 9

    def confirm(self, value: str, near: bool) -> float | None:
        """Seven digits or more, and not a public service line: freephone, 03 and 08 name no person."""
        digits = regex.sub(r"\D", "", value.replace("(0)", ""))
        national = regex.sub(r"^(?:0044|44)", "0", digits)
        if regex.match(r"0(?:[38]\d\d|500)", national) and len(national) in (10, 11):
            return 0.0
        if len(digits) < 7 or regex.fullmatch(r"(?:19|20)\d\d[ \-/](?:19|20)\d\d", value):
            return 0.0
        return None


class Email(Shape):
    """An e-mail address, also one written with "at" and "dot" in words."""

    ENTITY = "EMAIL_ADDRESS"
    PATTERNS = (
        (
            "e-mail address",
            r"(?<![\p{L}\d._%+\-])[\p{L}\d](?:[\p{L}\d._%+'\-]*[\p{L}\d_])?[ ]?@[ ]?[\p{L}\d](?:[\p{L}\d\-]*[\p{L}\d])?(?:\.[\p{L}\d\-]+)*",
            0.95,
        ),
        (
            "e-mail address in words",
            r"(?<![\p{L}\d])[\p{L}\d._%+\-]+[ ]?[\[(]?(?:at)[\])]?[ ]?[\p{L}\d\-]+(?:[ ]?[\[(]?(?:dot)[\])]?[ ]?[\p{L}]{2,10}){1,3}(?![\p{L}\d])",
            0.8,
        ),
    )

    def confirm(self, value: str, near: bool) -> float | None:
        """ "192.168.2.1@eth0" is an interface."""
        return 0.0 if regex.match(r"\d{1,3}(?:\.\d{1,3}){3}@", value) else None


class NetworkAddress(Shape):
    """IPv4 and IPv6 addresses, as Python's ``ipaddress`` reads them."""

    ENTITY = "IP_ADDRESS"
    PATTERNS = (
        ("IPv4 address", r"(?<![\p{L}\d.:])(?<value>(?:\d{1,3}\.){3}\d{1,3})(?![\p{L}\d]|\.\d)", 0.7),
        (
            "IPv6 address",
            r"(?<![\p{L}\d.:])(?<value>(?:[0-9A-F]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9A-F]{0,4})(?:%[a-z0-9]+)?)(?![\p{L}\d:]|\.\d)",
            0.7,
        ),
        ("IPv4 inside another word", r"(?<=:)(?<value>(?:\d{1,3}\.){3}\d{1,3})(?![\p{L}\d]|\.\d)", 0.6),
    )

    def confirm(self, value: str, near: bool) -> float | None:
        """Only what parses, and for IPv6 holds a digit ("std::" is code); "::" alone is a picture of one."""
        if ":" in value and len(regex.findall(r"[0-9A-Fa-f]", value)) < 1:
            return 0.0
        candidate = regex.sub(r"(?i)^::ffff:0+:(?=\d+\.)", "::ffff:", value)
        try:
            ipaddress.ip_address(candidate)
        except ValueError:
            return 0.0
        return None
