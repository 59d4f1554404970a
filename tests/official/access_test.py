#!/usr/bin/env python3
"""Who may do what, seen by the official Python client; see jobqueue_test.py."""

import os
import tempfile
import unittest

from ansys.grantami.jobqueue import Connection, ExcelImportJobRequest
from ansys.openapi.common import ApiConnectionException, ApiException, AuthenticationWarning

from input_files import write_input_files
from sandbox_process import SandboxProcess


def connect(sandbox, user, password=None):
    return Connection(sandbox.url).with_credentials(user, password or f"{user}-password").connect()


def request():
    return ExcelImportJobRequest(name="Import", description=None, combined_files=["combined.xlsx"])


class Access(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = SandboxProcess()
        cls.before = os.getcwd()
        cls.folder = tempfile.TemporaryDirectory()
        os.chdir(cls.folder.name)
        write_input_files()

    @classmethod
    def tearDownClass(cls):
        os.chdir(cls.before)
        cls.folder.cleanup()
        cls.sandbox.stop()

    def assert_refused(self, status, call, *arguments, **named):
        with self.assertRaises(ApiException) as caught:
            call(*arguments, **named)
        self.assertEqual(caught.exception.status_code, status)

    def test_refuses_a_wrong_password(self):
        with self.assertRaises(ApiConnectionException):
            connect(self.sandbox, "demo", "wrong")

    def test_knows_what_each_account_may_do(self):
        seen = {user: connect(self.sandbox, user) for user in ("demo", "writer", "reader")}
        flags = {user: (client.is_admin_user, client.can_write_job) for user, client in seen.items()}
        self.assertEqual(flags, {"demo": (True, True), "writer": (False, True), "reader": (False, False)})

    def test_lets_readers_submit_nothing(self):
        self.assert_refused(403, connect(self.sandbox, "reader").create_job, request())

    def test_shows_ordinary_users_their_own_jobs_only(self):
        admin, writer, reader = (connect(self.sandbox, user) for user in ("demo", "writer", "reader"))
        admin.delete_jobs(admin.jobs)
        job = admin.create_job(request())
        own = writer.create_job(request())
        self.assertEqual([seen.id for seen in writer.jobs], [own.id])
        self.assertEqual(reader.jobs, [])
        self.assertIn(own.id, [seen.id for seen in admin.jobs])
        self.assert_refused(404, writer.job_queue_api.get_job, id=job.id)
        self.assert_refused(404, writer.job_queue_api.delete_job, id=job.id)
        admin.delete_jobs(admin.jobs)
        self.assertEqual(writer.num_jobs, 0)

    def test_lets_administrators_only_move_jobs_to_the_top(self):
        writer = connect(self.sandbox, "writer")
        self.sandbox.post("/sandbox/jobqueue/concurrency?jobs=0")
        self.assert_refused(403, writer.create_job(request()).move_to_top)
        self.sandbox.post("/sandbox/jobqueue/concurrency?jobs=1")

    def test_needs_no_credentials_when_it_is_anonymous(self):
        sandbox = SandboxProcess("sign_in: anonymous")
        self.addCleanup(sandbox.stop)
        self.assertEqual(Connection(sandbox.url).with_anonymous().connect().num_jobs, 0)
        with self.assertWarns(AuthenticationWarning):
            Connection(sandbox.url).with_credentials("demo", "demo-password").connect()

    def test_works_with_a_trailing_slash_in_the_url(self):
        client = Connection(self.sandbox.url + "/").with_credentials("demo", "demo-password").connect()
        self.assertTrue(client.is_admin_user)

    def test_keeps_every_submission_in_the_ledger(self):
        client = connect(self.sandbox, "demo")
        job = client.create_job(request())
        client.delete_jobs([job])
        entries = [entry for entry in self.sandbox.get("/sandbox/jobqueue/ledger") if entry["id"] == job.id]
        self.assertEqual([(entry["name"], entry["submitter"]) for entry in entries], [("Import", "demo")])


if __name__ == "__main__":
    unittest.main()
