"""Stands in for the vendor's library, with the names and signatures of its documentation. Behind it is the sandbox's
instance, over HTTP; so what is done through the bridge can be seen there."""

import base64
import datetime
import enum
import json
import time
import urllib.error
import urllib.request


class GtCommandExeption(Exception):
    """As the vendor's page spells it."""


class GtActionExeption(Exception):
    pass


class UserPrivilege(enum.Enum):
    NONE = 0
    DEVELOPER = 1
    ADMINISTRATOR = 2


class GtPollingStatus(enum.Enum):
    NONE = 0
    SUCCEEDED = 1
    SUCCEEDED_WITH_WARNINGS = 2
    FAILED = 3


class Record:
    """GtCampaign, GtMessage, AnswerEntity, GtActionResult and the like: their members are not documented."""

    def __init__(self, members):
        for name, value in members.items():
            date = name.endswith("_date") and value
            setattr(self, name, datetime.date.fromisoformat(value) if date else value)


class GtUser:
    def __init__(self, login, password, privilege):
        self.login = login
        self.password = password
        self.privilege = privilege
        self.id = 0
        self.must_change_pwd = False
        self.email = self.first_name = self.last_name = ""
        self.model_group_couples = []

    def add_model_group_couple(self, model_name, group_name):
        self.model_group_couples.append((model_name, group_name))

    def _members(self):
        members = {name: getattr(self, name) for name in ("login", "email", "first_name", "last_name", "must_change_pwd")}
        members["privilege"] = self.privilege.name
        members["model_groups"] = [{"model": model, "group": group} for model, group in self.model_group_couples]
        return members | ({"password": self.password} if self.password else {}) | ({"id": self.id} if self.id else {})


def plain(value):
    """An argument as the sandbox wants it."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Record):
        return {"model": value.model, "name": value.name}
    return [each.entity for each in value] if isinstance(value, list) else value


class GtConnectionInfo:
    def __init__(self, host, port, gt_login, gt_password, tcp=False, ssl=False, alias=None, **kwargs):
        if tcp or ssl:
            raise ValueError("the stand-in speaks HTTP alone")
        self._base = f"http://{host}:{port}/{alias}/gt/v1/"
        self._account = {"login": gt_login, "password": gt_password}
        self._timeout = kwargs.get("timeout", 30)

    def _post(self, command, arguments, session=""):
        body = json.dumps({name: plain(value) for name, value in arguments.items()}).encode()
        request = urllib.request.Request(self._base + command, body, {"X-Gt-Session": session})
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as reply:
                answer = json.load(reply)
        except (urllib.error.URLError, ConnectionError) as error:
            raise GtCommandExeption("Connexion impossible") from error
        if "error" not in answer:
            return answer["result"]
        error = answer["error"]
        kind = {"command": GtCommandExeption, "action": GtActionExeption}.get(error["family"], ValueError)
        words = {"logon": "mot de passe", "not_found": "introuvable", "exists": "existe déjà", "forbidden": "pas le droit"}
        raise kind(f"{error.get('message', '')} ({words.get(error['code'], error['code'])})")

    def _ask(self, command, **arguments):
        session = self.logon()
        try:
            return self._post(command, arguments, session)
        finally:
            self.logout(session)

    def logon(self):
        return self._post("logon", self._account)["session"]

    def logout(self, session_id):
        return self._post("logout", {"session": session_id}, session_id)["ended"]

    def _action(self, command, wait_terminated, timeout, **arguments):
        assert not wait_terminated and timeout == 0
        given = {name: value for name, value in arguments.items() if value is not None}
        return Record(self._ask(command, **given, wait_terminated=False))

    def action_campaign_launch(
        self, name, msg, statement_date=None, global_redirect_address="", user_cypher=False, wait_terminated=False, timeout=0
    ):
        return self._action(
            "action_campaign_launch", wait_terminated, timeout, name=name, msg=msg, statement_date=statement_date,
            global_redirect_address=global_redirect_address, user_cypher=user_cypher,
        )

    def action_campaign_integration(self, name, statement_date, wait_terminated=False, timeout=0):
        return self._action("action_campaign_integration", wait_terminated, timeout, name=name, statement_date=statement_date)

    def action_reporting(self, name, msg, global_redirect_address="", wait_terminated=False, timeout=0):
        return self._action(
            "action_reporting", wait_terminated, timeout, name=name, msg=msg, global_redirect_address=global_redirect_address
        )

    def action_reporting_qst(self, name, msg, statement_date, global_redirect_address="", wait_terminated=False, timeout=0):
        return self._action(
            "action_reporting_qst", wait_terminated, timeout, name=name, msg=msg, statement_date=statement_date,
            global_redirect_address=global_redirect_address,
        )

    # The heading of the vendor's page.
    def action_reporting_launch(
        self, name, msg, statement_date=None, global_redirect_address="", user_cypher=False, wait_terminated=False, timeout=0
    ):
        return self._action(
            "action_restitution_launch", wait_terminated, timeout, name=name, msg=msg, statement_date=statement_date,
            global_redirect_address=global_redirect_address, user_cypher=user_cypher,
        )

    def action_sql(self, name, wait_terminated=False, timeout=0):
        return self._action("action_sql", wait_terminated, timeout, name=name)

    def action_campaign_close(
        self, name, msg, statement_date, is_restit, default_action_settings, attach_qst, attach_histo, send_message,
        wait_terminated=False, timeout=0,
    ):
        return self._action(
            "action_campaign_close", wait_terminated, timeout, name=name, msg=msg, statement_date=statement_date,
            is_restit=is_restit, default_action_settings=default_action_settings, attach_qst=attach_qst,
            attach_histo=attach_histo, send_message=send_message,
        )

    def action_campaign_followup(
        self, model_name, msg, statement_date, default_action_settings, attach_qst, attach_histo, select_no_answers,
        select_pending, select_invalidated, entities=[], wait_terminated=False, timeout=0,
    ):
        return self._action(
            "action_campaign_followup", wait_terminated, timeout, model_name=model_name, msg=msg,
            statement_date=statement_date, default_action_settings=default_action_settings, attach_qst=attach_qst,
            attach_histo=attach_histo, select_no_answers=select_no_answers, select_pending=select_pending,
            select_invalidated=select_invalidated, entities=entities,
        )

    def action_combined(self, name, statement_date=None, wait_terminated=False, timeout=0):
        return self._action("action_combined", wait_terminated, timeout, name=name, statement_date=statement_date)

    def action_create_users(self, name, wait_terminated=False, timeout=0):
        return self._action("action_create_users", wait_terminated, timeout, name=name)

    def action_remove_answer_rights(self, name, wait_terminated=False, timeout=0):
        return self._action("action_remove_answer_rights", wait_terminated, timeout, name=name)

    def action_open_close_qst(self, name, statement_date=None, wait_terminated=False, timeout=0):
        return self._action("action_open_close_qst", wait_terminated, timeout, name=name, statement_date=statement_date)

    def get_message_from_name(self, model_name, msg_name):
        message = self._ask("get_message_from_name", model_name=model_name, msg_name=msg_name)["message"]
        return Record({"model": model_name, "name": msg_name, **message})

    def do_polling(self, wait_terminated=False, timeout=0):
        self._ask("do_polling")
        if not wait_terminated:
            return -1, GtPollingStatus.NONE
        limit = time.monotonic() + timeout * 60
        while (status := self._ask("is_polling"))["is_polling"] and time.monotonic() < limit:
            time.sleep(0.02)
        return status["last_poll_id"], GtPollingStatus[status["last_status"]]

    def is_polling(self):
        return self._ask("is_polling")["is_polling"]

    def get_polling_log(self, poll_id):
        return self._ask("get_polling_log", poll_id=poll_id)["log"]

    def get_action_log(self, action_id):
        return self._ask("get_action_log", action_id=action_id)["log"]

    def get_action_status(self, answer_id):
        return Record(self._ask("get_action_status", action_id=answer_id))

    def list_campaign(self):
        return [Record(each) for each in self._ask("list_campaign")["campaigns"]]

    def delete_campaign(self, model_name, statement_date, is_restit, delete_histo):
        self._ask(
            "delete_campaign", model_name=model_name, statement_date=statement_date, is_restit=is_restit,
            delete_histo=delete_histo,
        )

    def last_answer_date_for_campaign(self, model_name, statement_date):
        date = self._ask("last_answer_date_for_campaign", model_name=model_name, statement_date=statement_date)["date"]
        return datetime.date.fromisoformat(date) if date else None

    def list_answer(self, model_name, statement_date):
        answers = self._ask("list_answer", model_name=model_name, statement_date=statement_date)["answers"]
        return [Record(each) for each in answers]

    def _write(self, command, dst_file, **arguments):
        with open(dst_file, "wb") as file:
            while True:
                piece = self._ask(command, **arguments, offset=file.tell(), length=1 << 20)
                file.write(base64.b64decode(piece["content"]))
                if file.tell() >= piece["size"]:
                    return

    def get_answer(self, dst_file, answer_id, editable=False):
        self._write("get_answer", dst_file, answer_id=answer_id, editable=editable)

    def get_qst_sent(self, dst_file, qst_id, editable=False):
        self._write("get_qst_sent", dst_file, qst_id=qst_id, editable=editable)

    def close_qst(self, qst_id, past_and_future=False):
        self._ask("close_qst", qst_id=qst_id, past_and_future=past_and_future)

    # The heading of the vendor's page.
    def delete_anwser(self, answer_id):
        self._ask("delete_answer", answer_id=answer_id)

    def list_model(self):
        return [Record(each) for each in self._ask("list_model")["models"]]

    def list_project(self):
        return [Record(each) for each in self._ask("list_project")["projects"]]

    def insert_user(self, user):
        self._ask("insert_user", user=user._members())

    def list_user(self):
        users = []
        for each in self._ask("list_user")["users"]:
            user = GtUser(each["login"], "", UserPrivilege[each["privilege"]])
            for name in ("id", "must_change_pwd", "email", "first_name", "last_name"):
                setattr(user, name, each[name])
            for couple in each["model_groups"]:
                user.add_model_group_couple(couple["model"], couple["group"])
            users.append(user)
        return users

    def edit_user(self, user):
        self._ask("edit_user", user=user._members())

    def delete_user(self, id):
        self._ask("delete_user", id=id)
