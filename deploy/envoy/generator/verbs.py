"""URLs of REST that are asked with a verb that they do not have: the transcoder would answer 404 as for what is nowhere."""

import re

# Of a name; a colon begins the verb of a method.
PART = "[^/:]+"


def _pattern(url):
    """Of the paths that google.api.http gives a method: `/v1/{name=queues/*}:cancel`."""
    names = re.sub(r"{[a-z_.]+(?:=([^}]*))?}", lambda bound: bound[1] or "*", url)
    return "".join(PART if part == "*" else re.escape(part) for part in re.split(r"([*])", names))


def other_verbs(methods, answer):
    """A route for each set of verbs that URLs may have; answer(match, verbs) makes it."""
    verbs = {}
    for method in methods:
        verbs.setdefault(_pattern(method.url), set()).add(method.verb)
    patterns = {}
    for pattern, these in verbs.items():
        patterns.setdefault(tuple(sorted(these)), []).append(pattern)
    return [answer({"safe_regex": {"regex": "|".join(sorted(those))}, "headers": [
        {"name": ":method", "string_match": {"safe_regex": {"regex": "|".join(these)}}, "invert_match": True}]}, ", ".join(these))
        for these, those in sorted(patterns.items())]
