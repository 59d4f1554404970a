"""The bridge program as the gateway uses it: a process, its first line, frames on its socket."""

import base64
import hashlib
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(HERE, "../../deploy/campaign-bridge/relais_campaign_bridge.py")
SETTINGS = {"host": "gt", "port": 80, "alias": "Math", "login": "relais", "password": "S3cret/é", "options": {}}


class Process:
    """The program; ends with the `with` that it is used in."""

    def __init__(self, settings=None, module="awkward_library", line=None):
        self._folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self._folder.name, "socket")
        self.process = subprocess.Popen(
            [sys.executable, "-B", PROGRAM, "--socket", self.path, "--module", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"PYTHONPATH": HERE, "PATH": os.environ["PATH"]},
        )
        self.process.stdin.write(line if line is not None else json.dumps(SETTINGS | (settings or {})).encode() + b"\n")
        self.process.stdin.flush()

    def __enter__(self):
        assert self.process.stdout.readline() == b"ready\n", self.process.stderr.read()
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        """Exit status, and what was written to stdout and stderr since."""
        out, err = self.process.communicate(timeout=20)
        self._folder.cleanup()
        return self.process.returncode, out.decode(), err.decode()

    def connect(self):
        peer = socket.socket(socket.AF_UNIX)
        peer.settimeout(20)
        peer.connect(self.path)
        return peer


def frame(content):
    return struct.pack(">I", len(content)) + content


def receive(peer):
    with peer.makefile("rb") as stream:
        (length,) = struct.unpack(">I", stream.read(4))
        return json.loads(stream.read(length))


def ask(process, command, session="s", **arguments):
    with process.connect() as peer:
        peer.sendall(frame(json.dumps({"command": command, "session": session, "arguments": arguments}).encode()))
        return receive(peer)


class CommandsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bridge = Process({"options": {"verify": False, "auth": ["proxy", "pr0xy"], "proxies": {"https": "http://user:p%40ss@gate"}}}).__enter__()

    @classmethod
    def tearDownClass(cls):
        code, out, err = cls.bridge.end()
        assert (code, out) == (0, ""), (code, out)
        assert "S3cret" not in err and "printed" not in err, err

    def ask(self, command, **arguments):
        return ask(self.bridge, command, **arguments)

    def test_objects_of_any_kind_are_shown(self):
        self.assertEqual([each["name"] for each in self.ask("list_project")["result"]["projects"]], ["Un", "Deux"])
        model = {"name": "M", "groups": ["A", "B"], "extra": {"Size": "3"}}
        self.assertEqual(self.ask("list_model")["result"]["models"], [model])
        campaign = {"model": "Modèle", "statement_date": "2024-12-31", "is_restit": True, "extra": {"Owner": "Équipe"}}
        self.assertEqual(self.ask("list_campaign")["result"]["campaigns"], [campaign])
        last = self.ask("last_answer_date_for_campaign", model_name="M", statement_date="2024-12-31")
        self.assertEqual(last["result"]["date"], "2024-12-31")
        self.assertEqual(self.ask("get_action_log", action_id=5)["result"]["log"], "one\ntwo\n")
        self.assertEqual(self.ask("get_action_status", action_id=5)["result"]["state"], "Running")
        self.assertEqual(self.ask("action_sql", name="any", wait_terminated=False)["result"]["action_id"], 41)

    def test_the_library_gets_its_settings(self):
        extra = self.ask("action_sql", name="options")["result"]["extra"]
        self.assertEqual(extra, {"host": "gt", "port": "80", "alias": "Math", "ssl": "false", "tcp": "false", "verify": "false"})

    def test_errors_have_their_families_and_no_secrets(self):
        for name, family, code, message in (
            ("command", "command", "logon", "Mot de passe *** refusé"),
            ("network", "command", "connection", "Échec"),
            ("action", "action", "failed", "Étape 1"),
            ("value", "value", "reply", "cannot parse"),
            ("nothing", "value", "reply", "dict of the library has nothing under action_id, id."),
        ):
            with self.subTest(name):
                error = {"family": family, "code": code, "message": message}
                # No text says that the server did not have the command by then.
                sent = {} if name == "nothing" else {"sent": True}
                self.assertEqual(self.ask("action_sql", name=name), {"error": {**error, **sent}})

    def test_what_fails_before_an_action_is_not_sent(self):
        refusal = self.ask("action_reporting", name="R", msg={"model": "M", "name": "None such"})["error"]
        self.assertNotIn("sent", refusal)

    def test_secrets_within_options_are_not_told(self):
        message = self.ask("action_sql", name="options leak")["error"]["message"]
        self.assertEqual(message, "('***', '***') *** False")

    def test_what_cannot_be_done_is_refused(self):
        for command, arguments, code in (
            ("no_such_command", {}, "unknown_command"),
            ("__init__", {}, "unknown_command"),
            ("action_combined", {"name": "x"}, "unknown_command"),  # the library lacks it
            ("action_sql", {"name": "x", "shell": "y"}, "arguments"),
            ("last_answer_date_for_campaign", {"model_name": "M", "statement_date": "31/12/2024"}, "arguments"),
            ("list_answer", {"model_name": "M", "statement_date": "2024-12-31"}, "reply"),  # a number, no list
            ("list_user", {}, "reply"),  # it wants to end the process
            ("get_answer", {"answer_id": 1}, "reply"),  # it wrote no file
        ):
            with self.subTest(command=command, **arguments):
                error = self.ask(command, **arguments)["error"]
                self.assertEqual((error["family"], error["code"]), ("value", code))
        error = self.ask("get_message_from_name", model_name="M", msg_name="none")["error"]
        self.assertEqual((error["family"], error["code"]), ("command", "not_found"))

    def test_users_are_made_of_their_members(self):
        user = {"login": "u", "password": "pw", "privilege": "NONE", "must_change_pwd": True}
        user["model_groups"] = [{"model": "M", "group": "G"}]
        self.assertEqual(self.ask("insert_user", user=user), {"result": {}})
        error = self.ask("insert_user", user=user | {"privilege": "KING"})["error"]
        self.assertEqual((error["family"], error["code"]), ("value", "arguments"))

    def test_a_polling_tells_its_id_at_its_end(self):
        self.assertEqual(self.ask("do_polling")["result"], {"poll_id": -1, "status": "NONE"})
        while (status := self.ask("is_polling")["result"])["is_polling"]:
            pass
        self.assertEqual(status, {"is_polling": False, "last_poll_id": 12, "last_status": "Weird"})

    def test_files_come_in_pieces_of_one_writing(self):
        whole = b""
        while True:
            piece = self.ask("get_answer", answer_id=2, offset=len(whole), length=1000)["result"]
            whole += base64.b64decode(piece["content"])
            if len(whole) >= piece["size"]:
                break
        self.assertEqual(hashlib.sha256(whole).hexdigest(), piece["sha256"])
        self.assertEqual((len(whole), piece["file_name"]), (4096, "answer-2.qstx"))
        again = self.ask("get_answer", answer_id=2, offset=0, length=1)["result"]
        self.assertNotEqual(again["sha256"], piece["sha256"], "whoever begins anew gets what there is now")

    def test_a_slow_command_holds_up_no_other(self):
        with self.bridge.connect() as slow:
            slow.sendall(frame(json.dumps({"command": "action_sql", "arguments": {"name": "slow"}}).encode()))
            self.assertIn("result", self.ask("logon"))

    def test_frames_may_come_in_any_parts_and_one_after_the_other(self):
        with self.bridge.connect() as peer:
            for byte in frame(b'{"command":"logout","session":"s"}') * 2:
                peer.sendall(bytes([byte]))
            with peer.makefile("rb") as stream:
                for _ in range(2):
                    (length,) = struct.unpack(">I", stream.read(4))
                    self.assertEqual(json.loads(stream.read(length)), {"result": {"ended": True}})

    def test_what_is_no_frame_ends_the_connection(self):
        for bad in (b"\xff\xff\xff\xff", frame(b"no json"), frame(b"[" * 100_000)):
            with self.subTest(bad[:8]), self.bridge.connect() as peer:
                peer.sendall(bad)
                self.assertEqual(peer.recv(1), b"")
        self.assertIn("error", self.ask("x"))
        with self.bridge.connect() as peer:
            peer.sendall(frame(b"[1]"))
            self.assertEqual(receive(peer)["error"]["family"], "value")


class ProcessTest(unittest.TestCase):
    def test_the_socket_is_for_the_owner_alone(self):
        with Process() as bridge:
            self.assertEqual(os.stat(bridge.path).st_mode & 0o077, 0)

    def test_ends_with_its_input_even_while_the_library_is_busy(self):
        bridge = Process().__enter__()
        with bridge.connect() as peer:
            peer.sendall(frame(json.dumps({"command": "action_sql", "arguments": {"name": "slow"}}).encode()))
            self.assertEqual(bridge.end()[0], 0)

    def test_leaves_nothing_when_the_gateway_was_killed(self):
        # Starts the program as its child and waits for its own end.
        gateway = """
import subprocess, sys
bridge = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE)
bridge.stdin.write(sys.stdin.buffer.readline())
bridge.stdin.flush()
bridge.wait()
"""
        folder = tempfile.mkdtemp()
        command = [sys.executable, "-B", PROGRAM, "--socket", os.path.join(folder, "socket"), "--module", "awkward_library"]
        with subprocess.Popen(
            [sys.executable, "-c", gateway, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": HERE, "PATH": os.environ["PATH"]},
        ) as killed:
            killed.stdin.write(json.dumps(SETTINGS).encode() + b"\n")
            killed.stdin.flush()
            self.assertEqual(killed.stdout.readline(), b"ready\n")
            killed.kill()
            self.assertEqual(killed.stdout.read(), b"", "the program has ended")
        self.assertFalse(os.path.exists(folder))

    def test_settings_that_are_not_whole_are_no_settings(self):
        for line in (b"", b"S3cret\n", b"{}\n", b"[]\n", json.dumps(SETTINGS | {"port": "x"}).encode() + b"\n"):
            with self.subTest(line):
                code, out, err = Process(line=line).end()
                self.assertEqual((code, out), (2, ""))
                self.assertNotIn("S3cret", err)
        self.assertEqual(Process({"options": {"data": 1}}).end()[0], 2)

    def test_a_library_that_is_none_is_told(self):
        code, _, err = Process(module="no_such_library").end()
        self.assertEqual((code, err), (3, "cannot import no_such_library: ModuleNotFoundError\n"))
        code, _, err = Process(module="json").end()
        self.assertEqual((code, err), (3, "json is not the library: it lacks GtConnectionInfo, GtUser, UserPrivilege\n"))

    def test_a_connection_that_cannot_be_made_is_an_argument(self):
        with Process({"host": "refused"}) as bridge:
            error = {"family": "value", "code": "arguments", "message": "host is wrong"}
            self.assertEqual(ask(bridge, "list_model"), {"error": error})

    def test_what_the_library_prints_is_lost_and_what_fails_is_told(self):
        bridge = Process({"host": "failing"}).__enter__()
        ask(bridge, "do_polling")
        while (status := ask(bridge, "is_polling")["result"])["is_polling"]:
            pass
        self.assertEqual(status["last_status"], "FAILED")
        self.assertEqual(bridge.end(), (0, "", "polling failed: command/connection\n"))

    def test_help_tells_the_options(self):
        shown = subprocess.run([sys.executable, PROGRAM, "--help"], capture_output=True, text=True, check=True).stdout
        for option in ("--socket", "--module", "--polling-minutes", "--file-seconds"):
            self.assertIn(option, shown)


if __name__ == "__main__":
    unittest.main()
