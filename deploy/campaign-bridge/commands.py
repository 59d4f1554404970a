"""The commands of the reference protocol, carried out with the vendor's library."""

import datetime
import secrets
import threading

import objects
from errors import Refusal, refusal_of, texts_within, without
from files import LONGEST_PIECE, Files

LONGEST_MESSAGE = 500

# Arguments by their names in the library. Those that the gateway leaves out have the library's defaults.
MAIL = ("default_action_settings", "attach_qst", "attach_histo")
ACTIONS = {
    "action_campaign_launch": ("name", "msg", "statement_date", "global_redirect_address", "user_cypher"),
    "action_campaign_integration": ("name", "statement_date"),
    "action_reporting": ("name", "msg", "global_redirect_address"),
    "action_reporting_qst": ("name", "msg", "statement_date", "global_redirect_address"),
    "action_restitution_launch": ("name", "msg", "statement_date", "global_redirect_address", "user_cypher"),
    "action_sql": ("name",),
    "action_campaign_close": ("name", "msg", "statement_date", "is_restit", *MAIL, "send_message"),
    "action_campaign_followup": (
        *("model_name", "msg", "statement_date", *MAIL),
        *("select_no_answers", "select_pending", "select_invalidated", "entities"),
    ),
    "action_combined": ("name", "statement_date"),
    "action_create_users": ("name",),
    "action_remove_answer_rights": ("name",),
    "action_open_close_qst": ("name", "statement_date"),
}
# Commands whose result is a list: the protocol's member, and what its objects are.
LISTS = {
    "list_project": ("projects", objects.PROJECT),
    "list_model": ("models", objects.MODEL),
    "list_campaign": ("campaigns", objects.CAMPAIGN),
    "list_answer": ("answers", objects.ANSWER),
    "list_user": ("users", objects.USER),
}
# Commands that only have an effect, with their arguments.
CHANGES = {
    "delete_campaign": ("model_name", "statement_date", "is_restit", "delete_histo"),
    "close_qst": ("qst_id", "past_and_future"),
    "delete_answer": ("answer_id",),
    "delete_user": ("id",),
}
OTHER_CHANGES = {"insert_user", "edit_user"}
# Spelled in two ways on the vendor's page.
OTHER_SPELLINGS = {
    "action_restitution_launch": "action_reporting_launch",
    "delete_answer": "delete_anwser",
}


class Library:
    """The vendor's module. Every command has a connection object of its own, which logs on and off by itself: nothing
    says that one may be used by two threads."""

    def __init__(self, module, settings):
        self._module = module
        self._settings = settings

    def connect(self):
        named = {"tcp": self._settings["tcp"], "ssl": self._settings["ssl"], **self._settings["options"]}
        if self._settings["alias"]:
            named["alias"] = self._settings["alias"]
        try:
            return self._module.GtConnectionInfo(
                host=self._settings["host"],
                port=self._settings["port"],
                gt_login=self._settings["login"],
                gt_password=self._settings["password"],
                **named,
            )
        except Exception as error:
            raise refusal_of(error, building=True) from None

    def call(self, command, *values, connection=None, **named):
        connection = connection or self.connect()
        method = getattr(connection, command, None) or getattr(connection, OTHER_SPELLINGS.get(command, command), None)
        if method is None:
            raise Refusal("value", "unknown_command", "The library has no such command.")
        try:
            return method(*values, **named)
        except (Exception, SystemExit) as error:
            refusal = refusal_of(error)
            # Neither its type nor its text tells whether the server had the command by then.
            refusal.sent = command in ACTIONS or command in CHANGES or command in OTHER_CHANGES
            raise refusal from None

    def make_user(self, user):
        try:
            kinds = self._module.UserPrivilege
            names = {**objects.members(kinds), **getattr(kinds, "__members__", {})}
            kind = objects.find(names, (user["privilege"],))
            if kind is None:
                raise Refusal("value", "arguments", "The library has no such privilege.")
            made = self._module.GtUser(user["login"], user.get("password", ""), getattr(kinds, kind))
            for couple in user["model_groups"]:
                made.add_model_group_couple(couple["model"], couple["group"])
            for name in ("id", "must_change_pwd", "email", "first_name", "last_name"):
                if name in user:
                    objects.put(made, name, user[name])
            return made
        except Exception as error:
            raise refusal_of(error, building=True) from None


class Polling:
    """The one polling at a time. The library tells its id only to who waits for its end; so a thread does."""

    def __init__(self, library, minutes, log):
        self._library = library
        self._minutes = minutes
        self._log = log
        self._lock = threading.Lock()
        self._running = False  # under the lock, as the next
        self._last = (-1, "NONE")

    def start(self):
        with self._lock:
            if not self._running:
                threading.Thread(target=self._run, daemon=True).start()
                self._running = True

    def status(self):
        # What the library tells comes first: it is older than what is looked at then.
        of_others = not self._running and bool(self._library.call("is_polling"))
        with self._lock:
            running, (last, word) = self._running or of_others, self._last
        return {"is_polling": running, "last_poll_id": -1 if running else last, "last_status": "NONE" if running else word}

    def _run(self):
        last = (-1, "FAILED")
        try:
            poll, word = self._library.call("do_polling", True, self._minutes)
            last = (objects.number(poll) or -1, objects.text(word) or "NONE")
        except Exception as error:
            self._log(f"polling failed: {refusal_of(error).family}/{refusal_of(error).code}")
        finally:
            with self._lock:
                self._running = False
                self._last = last


class Bridge:
    """Thread-safe."""

    def __init__(self, module, settings, polling_minutes, file_seconds, log):
        self._library = Library(module, settings)
        self._files = Files(file_seconds)
        self._polling = Polling(self._library, polling_minutes, log)
        self._secrets = [settings["password"], *texts_within(settings["options"])]

    def answer(self, frame):
        """The answer to a frame, both as objects."""
        hidden = list(self._secrets)
        try:
            command, arguments = frame["command"], dict(frame.get("arguments") or {})
            if "user" in arguments:
                hidden.append(arguments["user"].get("password"))
            return {"result": self._execute(command, arguments)}
        except (Exception, SystemExit) as error:
            refusal = refusal_of(error)
        message = without(hidden, str(refusal))[:LONGEST_MESSAGE]
        error = {"family": refusal.family, "code": refusal.code, "message": message}
        return {"error": {**error, "sent": True} if refusal.sent else error}

    def drop_old_files(self):
        self._files.drop_old()

    def _execute(self, command, arguments):
        arguments.pop("wait_terminated", None)  # whoever waits does so in the gateway
        if "statement_date" in arguments:
            arguments["statement_date"] = self._date(arguments["statement_date"])
        if command in ACTIONS:
            return self._start(command, self._known(arguments, ACTIONS[command]))
        if command in LISTS:
            member, table = LISTS[command]
            found = self._library.call(command, **arguments)
            if isinstance(found, (str, bytes, dict)) or not hasattr(found, "__iter__"):
                raise Refusal("value", "reply", "The library gave no list.")
            return {member: [objects.show(each, table, with_extra=command != "list_user") for each in found]}
        if command in CHANGES:
            self._library.call(command, **self._known(arguments, CHANGES[command]))
            return {}
        special = getattr(self, "_do_" + command, None)
        if special is None:
            raise Refusal("value", "unknown_command", "There is no such command.")
        return special(**arguments)

    @staticmethod
    def _known(arguments, names):
        unknown = set(arguments) - set(names)
        if unknown:
            raise Refusal("value", "arguments", "There is an argument that the command does not have.")
        return arguments

    @staticmethod
    def _date(given):
        try:
            return datetime.date.fromisoformat(given)
        except (TypeError, ValueError):
            raise Refusal("value", "arguments", "A date must be written as YYYY-MM-DD.") from None

    def _start(self, command, arguments):
        if "msg" in arguments:
            arguments["msg"] = self._message(arguments["msg"]["model"], arguments["msg"]["name"])
        if arguments.get("entities"):
            arguments["entities"] = self._entities(arguments)
        run = self._library.call(command, **arguments, wait_terminated=False)
        return objects.show(run, objects.RUN, name=arguments.get("name", ""))

    def _message(self, model, name):
        message = self._library.call("get_message_from_name", model_name=model, msg_name=name)
        if message is None:
            raise Refusal("command", "not_found", "There is no such message.")
        return message

    def _entities(self, arguments):
        """The library's objects of the entities that are named."""
        named = {key: arguments[key] for key in ("model_name", "statement_date")}
        wanted = set(arguments["entities"])
        found = {}
        for answer in self._library.call("list_answer", **named):
            entity = objects.show(answer, objects.ANSWER)["entity"]
            if entity in wanted:
                found.setdefault(entity, []).append(answer)
        if len(found) < len(wanted):
            raise Refusal("command", "not_found", "The campaign has not all of the entities.")
        return [answer for answers in found.values() for answer in answers]

    # The gateway's session stands for nothing: the library logs on for every command. But the account is tried.
    def _do_logon(self, **_):
        connection = self._library.connect()
        session = self._library.call("logon", connection=connection)
        self._library.call("logout", session, connection=connection)
        return {"session": secrets.token_hex(16)}

    def _do_logout(self, **_):
        return {"ended": True}

    def _do_get_action_status(self, action_id):
        return objects.show(self._library.call("get_action_status", action_id), objects.RUN, action_id=action_id)

    def _do_get_action_log(self, action_id):
        return {"log": objects.log(self._library.call("get_action_log", action_id))}

    def _do_do_polling(self, **_):
        self._polling.start()
        return {"poll_id": -1, "status": "NONE"}

    def _do_is_polling(self):
        return self._polling.status()

    def _do_get_polling_log(self, poll_id):
        return {"log": objects.log(self._library.call("get_polling_log", poll_id))}

    def _do_get_message_from_name(self, model_name, msg_name):
        return {"message": objects.show(self._message(model_name, msg_name), objects.MESSAGE)}

    def _do_last_answer_date_for_campaign(self, **arguments):
        given = self._library.call("last_answer_date_for_campaign", **arguments)
        if given and objects.day(given) is None:
            raise Refusal("value", "reply", "The library gave no date.")
        return {"date": objects.day(given)}

    def _do_get_answer(self, answer_id, **piece):
        return self._file("get_answer", f"answer-{answer_id}.qstx", answer_id, **piece)

    def _do_get_qst_sent(self, qst_id, **piece):
        return self._file("get_qst_sent", f"questionnaire-{qst_id}.qstx", qst_id, **piece)

    def _file(self, command, name, number, editable=False, offset=0, length=LONGEST_PIECE):
        def write(path):
            self._library.call(command, path, number, editable)

        return self._files.read((command, number, editable), name, write, offset, length)

    def _do_insert_user(self, user):
        self._library.call("insert_user", self._library.make_user(user))
        return {}

    def _do_edit_user(self, user):
        self._library.call("edit_user", self._library.make_user(user))
        return {}
