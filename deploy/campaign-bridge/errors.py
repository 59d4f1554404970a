"""What the library's exceptions mean, and errors without secrets."""

import hashlib
import json
import re
import urllib.parse

FAMILIES = {
    "GtCommandException": "command",
    "GtCommandExeption": "command",
    "GtActionException": "action",
    "GtActionExeption": "action",
}
# No code of a failed command is documented: its text, in either language, has to tell. The first that fits counts.
CODES = (
    ("exists", r"already exist|d[ée]j[àa] exist|existe d[ée]j[àa]"),
    ("not_found", r"not found|does not exist|introuvable|inexistant|n.existe pas"),
    ("connection", r"time-?out|timed out|d[ée]lai"),
    ("logon", r"\blog[io]n\b|password|mot de passe"),
    ("forbidden", r"\brights?\b|\bdroits?\b|forbidden|permission|denied"),
    ("connection", r"connect|connexion|unreachable|injoignable"),
)


class Refusal(Exception):
    """An answer that is an error. `family`, `code` and `sent` as in docs/campaign.md."""

    def __init__(self, family, code, message):
        super().__init__(message)
        self.family = family
        self.code = code
        self.sent = False


def refusal_of(error, building=False):
    """What an exception means. `building`: the library had not been asked for anything yet."""
    if isinstance(error, Refusal):
        return error
    said = str(error) or type(error).__name__
    family = next((FAMILIES[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in FAMILIES), None)
    if family == "action":
        return Refusal("action", "failed", said)
    if family == "command":
        if isinstance(error.__cause__ or error.__context__, OSError):
            return Refusal("command", "connection", said)
        code = next((code for code, pattern in CODES if re.search(pattern, said, re.IGNORECASE)), "failed")
        return Refusal("command", code, said)
    if isinstance(error, ValueError):
        return Refusal("value", "arguments" if building else "reply", said)
    if isinstance(error, OSError):
        return Refusal("command", "connection", type(error).__name__)
    return Refusal("value", "reply", type(error).__name__)


def spellings(secret):
    """A secret as it is, and as a URL, JSON, or a hash of it would show it."""
    if not secret:
        return []
    raw = secret.encode("utf-8", "replace")
    return [secret, urllib.parse.quote(secret, safe=""), json.dumps(secret)[1:-1], hashlib.sha1(raw).hexdigest()]


def texts_within(value):
    """All texts of a structure, and the passwords of those that are URLs."""
    if isinstance(value, dict):
        value = value.values()
    elif isinstance(value, str):
        password = re.match(r"[a-z0-9+.-]+://[^/@]*:([^/@]*)@", value, re.IGNORECASE)
        return [value, *([password.group(1), urllib.parse.unquote(password.group(1))] if password else [])]
    elif not isinstance(value, (list, tuple)):
        return []
    return [text for each in value for text in texts_within(each)]


def without(secrets, message):
    """The message with "***" in place of the secrets."""
    for form in sorted({form for secret in secrets for form in spellings(secret)}, key=len, reverse=True):
        message = re.sub(re.escape(form), "***", message, flags=re.IGNORECASE)
    return message
