"""What the library's objects are made of, and how the reference protocol shows them.

The vendor documents the classes by name, hardly by member. So everything that is assumed of them stands in the tables
of this file: where a member turns out to have another name, add it there. Names are compared without regard to case
and underscores; the first that an object has, and that can be read, counts.
"""

import datetime
import enum
import re

from errors import Refusal


def plain(name):
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")


def members(thing):
    """Public attributes or keys by name; a bare text is a name, a bare number an id."""
    if isinstance(thing, str):
        return {"name": thing}
    if isinstance(thing, int):
        return {"id": thing}
    if isinstance(thing, dict):
        return {str(name): value for name, value in thing.items()}
    found = {}
    for name in dir(thing):
        if name.startswith("_"):
            continue
        try:
            value = getattr(thing, name)
        except Exception:  # a property may do anything
            continue
        if not callable(value):
            found[name] = value
    return found


def find(held, names):
    """The name in `held` that one of `names` means, or None."""
    by_plain = {plain(name): name for name in held}
    return next((by_plain[plain(name)] for name in names if plain(name) in by_plain), None)


# What a value is shown as; None: it is nothing of the kind.


def text(value):
    if isinstance(value, enum.Enum):
        return str(value.name)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    if isinstance(value, datetime.date):
        return day(value)
    name = members(value).get("name") if value is not None else None
    return name if isinstance(name, str) else None


def number(value):
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value.strip()):
        return int(value)
    return value if isinstance(value, int) else None


def flag(value):
    return {"true": True, "1": True, "false": False, "0": False}.get((text(value) or "").lower())


def day(value):
    """YYYY-MM-DD, also of a text in that form or as DD/MM/YYYY, with or without a time."""
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return value.isoformat()
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)(?!\d)|(\d\d)/(\d\d)/(\d{4})(?!\d)", value if isinstance(value, str) else "")
    if not found:
        return None
    year, month, date, other_date, other_month, other_year = found.groups()
    return f"{year or other_year}-{month or other_month}-{date or other_date}"


def texts(value):
    return [text(each) or "" for each in value] if isinstance(value, (list, tuple, set)) else None


def axes(value):
    """Values by name, from a dictionary, pairs or objects."""
    if isinstance(value, dict):
        return {str(name): text(each) or "" for name, each in value.items()}
    found = couples(value, ("name", "axis"), ("value", "item"))
    return None if found is None else dict(found)


def groups(value):
    """Models and groups, from pairs, objects or a dictionary of lists."""
    if isinstance(value, dict):
        value = [(model, group) for model, each in value.items() for group in texts(each) or [each]]
    found = couples(value, ("model", "model_name"), ("group", "group_name"))
    return None if found is None else [{"model": model, "group": group} for model, group in found]


def couples(value, first, second):
    if not isinstance(value, (list, tuple, set)):
        return None
    found = []
    for each in value:
        if not (isinstance(each, (list, tuple)) and len(each) == 2):
            held = members(each)
            each = (held.get(find(held, first)), held.get(find(held, second)))
        found.append((text(each[0]) or "", text(each[1]) or ""))
    return found


# Of each kind of object: the protocol's member, how it is read, the names it may have, whether it must be there.
PROJECT = (("name", text, ("name", "project_name", "label"), True),)
MODEL = (
    ("name", text, ("name", "model_name", "label"), True),
    ("project", text, ("project", "project_name"), False),
    ("groups", texts, ("groups", "group_names"), False),
)
MESSAGE = (
    ("kind", text, ("kind", "type", "msg_type", "message_type"), False),
    ("subject", text, ("subject", "object", "title"), False),
    ("body", text, ("body", "text", "content"), False),
)
CAMPAIGN = (
    ("model", text, ("model", "model_name"), True),
    ("statement_date", day, ("statement_date", "date"), True),
    ("is_restit", flag, ("is_restit", "is_restitution", "restitution"), False),
    ("state", text, ("state", "status"), False),
)
# A bare `id` is neither id: it may be the entity's, and answers are deleted by theirs.
ANSWER = (
    ("entity", text, ("entity", "entity_name", "name", "label"), True),
    ("is_restit", flag, ("is_restit", "is_restitution", "restitution"), False),
    ("status", text, ("status", "state", "answer_status"), False),
    ("status_date", day, ("status_date", "answer_date"), False),
    ("last_reminder_date", day, ("last_reminder_date", "reminder_date", "followup_date"), False),
    ("qst_id", number, ("qst_id", "questionnaire_id"), False),
    ("answer_id", number, ("answer_id",), False),
    ("closed", flag, ("closed", "is_closed"), False),
    ("axes", axes, ("axes", "diffusion_axes", "axis_values"), False),
)
RUN = (
    ("action_id", number, ("action_id", "id"), True),
    ("name", text, ("name", "action_name"), False),
    ("state", text, ("state", "status", "action_status", "result"), False),
    ("error", text, ("error", "error_message", "error_text", "message"), False),
)
USER = (
    ("id", number, ("id", "user_id"), True),
    ("login", text, ("login", "user_login", "name"), True),
    ("email", text, ("email", "mail", "email_address"), False),
    ("first_name", text, ("first_name", "forename"), False),
    ("last_name", text, ("last_name", "surname"), False),
    ("privilege", text, ("privilege", "user_privilege"), False),
    ("must_change_pwd", flag, ("must_change_pwd", "must_change_password"), False),
    ("model_groups", groups, ("model_group_couples", "model_groups", "couples", "groups"), False),
)
# Never shown, whatever it is a member of.
SECRET = re.compile(r"pass|pwd|mdp|secret|hash|salt|token|sha1|md5", re.IGNORECASE)


def show(thing, table, with_extra=True, **known):
    """An object as the protocol has it; `extra` has the simple values that no member of the table took. `known`: what
    members are when the object does not tell."""
    rest = members(thing)
    shown = dict(known)
    for name, read, names, required in table:
        for each in names:
            held = find(rest, (each,))
            value = read(rest[held]) if held is not None else None
            if value is not None:
                shown[name] = value
                del rest[held]
                break
        if required and shown.get(name) in (None, ""):
            raise Refusal("value", "reply", f"{type(thing).__name__} of the library has nothing under {', '.join(names)}.")
    if with_extra:
        simple = (str, int, float, enum.Enum, datetime.date)
        shown["extra"] = {
            name: text(value)
            for name, value in rest.items()
            if isinstance(value, simple) and not SECRET.search(name)
        }
    return shown


def put(thing, name, value):
    """Sets a member of a GtUser, under the name that it has for it, else under the first of the table."""
    names = next(each[2] for each in USER if each[0] == name)
    setattr(thing, find(members(thing), names) or names[0], value)


def log(value):
    """A log, from one text or lines, as one text."""
    if value is None:
        return ""
    lines = texts(value)
    if lines is not None:
        return "".join(line.rstrip("\n") + "\n" for line in lines)
    if not isinstance(value, str):
        raise Refusal("value", "reply", "The library gave no log.")
    return value
