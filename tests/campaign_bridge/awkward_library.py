"""A library whose objects and errors are as awkward as the vendor's documentation allows."""

import datetime
import enum
import time


class GtCommandException(Exception):
    """The other spelling."""


class GtActionException(Exception):
    pass


class UserPrivilege:  # constants in place of an enum
    NONE = "none"
    ADMINISTRATOR = "admin"


class GtUser:
    def __init__(self, login, password, privilege):
        self.Login, self.Password, self.Privilege = login, password, privilege
        self.MustChangePwd = False
        self.couples = []

    def add_model_group_couple(self, model_name, group_name):
        self.couples.append((model_name, group_name))


class Polling(enum.Enum):
    NONE = 0
    Weird = 7


class Campaign:
    ModelName = "Modèle"
    StatementDate = datetime.datetime(2024, 12, 31, 23, 30)
    IsRestitution = "True"
    Password = "never shown"
    Owner = "Équipe"

    @property
    def broken(self):
        raise RuntimeError("no")

    def method(self):
        return 1


class GtConnectionInfo:
    made = []
    inserted = []
    written = []

    def __init__(self, host, port, gt_login, gt_password, tcp=False, ssl=False, alias=None, **kwargs):
        if host == "refused":
            raise ValueError("host is wrong")
        self.password = gt_password
        self.arguments = {"host": host, "port": port, "tcp": tcp, "ssl": ssl, "alias": alias, **kwargs}
        print("printed", gt_password)  # must go nowhere

    def logon(self):
        return "session"

    def logout(self, sessionId):
        return True

    def list_project(self):
        return ["Un", "Deux"]

    def list_model(self):
        return [{"model_name": "M", "groups": ("A", "B"), "Size": 3}]

    def list_campaign(self):
        return [Campaign()]

    def list_answer(self, model_name, statement_date):
        assert isinstance(statement_date, datetime.date)
        return 7

    def list_user(self):
        raise SystemExit(3)

    def last_answer_date_for_campaign(self, model_name, statement_date):
        return "31/12/2024"

    def action_sql(self, name, wait_terminated=False, timeout=0):
        if name == "command":
            raise GtCommandException(f"Mot de passe {self.password} refusé")
        if name == "action":
            raise GtActionException("Étape 1")
        if name == "value":
            raise ValueError("cannot parse")
        if name == "network":
            try:
                raise ConnectionResetError("reset")
            except ConnectionResetError as error:
                raise GtCommandException("Échec") from error
        if name == "options leak":
            raise ValueError(f"{self.arguments['auth']} {self.arguments['proxies']['https'][12:18]} False")
        if name == "slow":
            time.sleep(600)
        return {"nothing": {}, "options": {"id": 5, **self.arguments}}.get(name, 41)

    def get_action_status(self, answer_id):
        return {"Status": "Running"}

    def get_action_log(self, action_id):
        return ["one", "two\n"]

    def do_polling(self, wait_terminated=False, timeout=0):
        if self.arguments["host"] == "failing":
            raise GtCommandException(f"Connexion perdue ({self.password})")
        return (12, Polling.Weird) if wait_terminated else (-1, Polling.NONE)

    def is_polling(self):
        return False

    def get_answer(self, dst_file, answer_id, editable=False):
        if answer_id == 1:
            return
        with open(dst_file.replace(".qstx", ".other"), "wb") as file:
            self.written.append(answer_id)
            file.write(bytes([len(self.written)]) * 4096)  # another content each time

    def insert_user(self, user):
        self.inserted.append(user)

    def get_message_from_name(self, model_name, msg_name):
        return None
