#!/usr/bin/env python3
"""Drives the sandbox's job queue with the official Python client, unmodified.

Needs what requirements.txt names, and the path of relais-sandbox in $RELAIS_SANDBOX.
"""

import datetime
import json
import os
import pathlib
import tempfile
import time
import unittest
import warnings

from ansys.grantami.jobqueue import (
    Connection,
    ExcelExportJobRequest,
    ExcelImportJobRequest,
    ExportRecord,
    JobFile,
    JobStatus,
    JobType,
    TextImportJobRequest,
)
from ansys.openapi.common import ApiException

from input_files import write_input_files
from sandbox_process import SandboxProcess, eventually


def finish(job):
    """Waits like create_job_and_wait, in shorter steps."""

    def updated():
        job.update()
        return job

    return eventually(updated, lambda job: job.status not in (JobStatus.Pending, JobStatus.Running))


def combined(name="Excel import", description="From a test", files=("combined.xlsx",), **more):
    return ExcelImportJobRequest(name=name, description=description, combined_files=list(files), **more)


def export(identities, name="Excel export", template="template.xlsx"):
    return ExcelExportJobRequest(
        name=name,
        description=None,
        template_file=template,
        database_key="MI_Training",
        records=[ExportRecord(identity) for identity in identities],
    )


class Profile:
    """What holds for every version of the server; a subclass names one."""

    version = ""
    summary_file = False
    checks_paths = True

    @classmethod
    def setUpClass(cls):
        cls.sandbox = SandboxProcess(f'version: "{cls.version}"')
        cls.client = Connection(cls.sandbox.url).with_credentials("demo", "demo-password").connect()
        cls.before = os.getcwd()
        cls.folder = tempfile.TemporaryDirectory()
        os.chdir(cls.folder.name)
        write_input_files()

    @classmethod
    def tearDownClass(cls):
        os.chdir(cls.before)
        cls.folder.cleanup()
        cls.sandbox.stop()

    def setUp(self):
        context = warnings.catch_warnings()
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ResourceWarning)
        self.client.delete_jobs(self.client.jobs)

    def run_job(self, request):
        job = self.client.create_job(request)
        self.assertEqual(job.status, JobStatus.Pending)
        return finish(job)

    def test_imports_a_combined_workbook_and_waits(self):
        name = f"Combined of {self.version}"
        job = self.client.create_job_and_wait(combined(name))
        summary = job.output_information["summary"]
        self.assertEqual(job.status, JobStatus.Succeeded)
        self.assertEqual(job.type, JobType.ExcelImportJob)
        self.assertTrue(summary["FinishedSuccessfully"])
        self.assertEqual(summary["NumberOfTasks"], 1)
        self.assertEqual(summary["NumberOfRecordsCreated"] + summary["NumberOfRecordsUpdated"], 1)
        self.assertEqual(summary["NumberOfErrors"], 0)
        self.assertEqual(summary["ImportErrors"], [])

    def test_imports_separate_files_with_an_attachment(self):
        job = self.run_job(
            ExcelImportJobRequest(
                name="Separate",
                description=None,
                template_file="template.xlsx",
                data_files=["data.xlsx"],
                attachment_files=["picture.bmp"],
            )
        )
        summary = job.output_information["summary"]
        self.assertIsNone(job.description)
        self.assertEqual(summary["NumberOfRecordsCreated"], 2)
        again = self.run_job(
            ExcelImportJobRequest(
                name="Separate", description=None, template_file="template.xlsx", data_files=["data.xlsx"]
            )
        )
        self.assertEqual(again.output_information["summary"]["NumberOfRecordsUpdated"], 2)

    def test_imports_text(self):
        job = self.run_job(
            TextImportJobRequest(
                name="Text", description="Lines", template_file="template.xml", data_files=["data.dat"]
            )
        )
        self.assertEqual(job.status, JobStatus.Succeeded)
        self.assertEqual(job.type, JobType.TextImportJob)
        summary = job.output_information["summary"]
        self.assertEqual(summary["NumberOfRecordsCreated"] + summary["NumberOfRecordsUpdated"], 4)

    def test_exports_records(self):
        job = self.run_job(export([123222, 123224]))
        self.assertEqual(job.status, JobStatus.Succeeded)
        self.assertEqual(job.type, JobType.ExcelExportJob)
        self.assertEqual(job.output_information["summary"], {"ExportedRecords": 2, "Errors": []})
        self.assertEqual(len(job.output_file_names), 3 if self.summary_file else 2)
        workbook = next(name for name in job.output_file_names if name.endswith(".xlsx"))
        self.assertEqual(workbook, "ExportedRecords-Tensile Test Data.xlsx")
        self.assertTrue(job.get_file_content(workbook).startswith(b"PK"))
        missing = self.run_job(export([5, 1234567])).output_information["summary"]
        self.assertEqual(missing["ExportedRecords"], 1)
        self.assertEqual(len(missing["Errors"]), 1)

    def test_shows_a_failed_import_as_failed(self):
        job = self.run_job(combined("Invalid", files=["not a workbook.xlsx"]))
        summary = job.output_information["summary"]
        self.assertEqual(job.status, JobStatus.Failed)
        self.assertFalse(summary["FinishedSuccessfully"])
        self.assertEqual(summary["NumberOfRecordsCreated"], 0)
        self.client.delete_jobs([job])
        self.assertEqual(job.status, JobStatus.Deleted)
        text = self.run_job(
            TextImportJobRequest(
                name="Bad", description=None, template_file="data.dat", data_files=["picture.bmp"]
            )
        )
        self.assertEqual(text.status, JobStatus.Failed)

    def test_counts_records_that_cannot_be_imported(self):
        summary = self.run_job(combined("Faulty", files=["faulty.xlsx"])).output_information["summary"]
        self.assertTrue(summary["FinishedSuccessfully"])
        self.assertEqual(summary["NumberOfErrors"], 1)
        self.assertEqual(summary["NumberOfRecordsNotImported"], 1)
        self.assertEqual(len(summary["ImportErrors"]), 1)

    def test_downloads_outputs_each_way(self):
        job = self.run_job(combined("Import with é"))
        log = "Import with é.log"
        self.assertEqual(sorted(job.output_file_names), sorted([log] + ["summary.json"] * self.summary_file))
        content = job.get_file_content(log)
        self.assertTrue(content.startswith(b"\xef\xbb\xbf"))
        self.assertRegex(content.decode("utf-8-sig"), r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \[\d+\] INFO ")
        target = pathlib.Path(self.folder.name)
        job.download_file(log, target)
        self.assertEqual((target / log).read_bytes(), content)
        job.download_file(log, target / "renamed.txt")
        self.assertEqual((target / "renamed.txt").read_bytes(), content)
        if self.summary_file:
            summary = json.loads(job.get_file_content("summary.json"))
            self.assertEqual(summary, job.output_information["summary"])

    def test_filters_by_each_criterion(self):
        first = self.run_job(combined("Alpha one", "The first of two"))
        second = self.run_job(export([1], "Beta two"))
        failed = self.run_job(combined("Gamma", "Third", files=["not a workbook.xlsx"]))
        where = self.client.jobs_where
        self.assertEqual(where(name="lpha o"), [first])
        self.assertEqual(where(description="first of"), [first])
        self.assertEqual(where(job_type=JobType.ExcelExportJob), [second])
        self.assertEqual(len(where(submitter_name="demo")), 3)
        self.assertEqual(where(submitter_name="dem"), [])
        self.assertEqual(len(where(status=JobStatus.Succeeded)), 3)
        self.assertEqual(where(status=JobStatus.Pending), [])
        self.assertEqual(where(status=JobStatus.Deleted), [])
        self.assertEqual(where(name="a", job_type=JobType.ExcelImportJob, description="Third"), [failed])
        self.assertEqual(self.client.num_jobs, 3)
        self.assertEqual(self.client.get_job_by_id(first.id).name, "Alpha one")

    def test_updates_each_field(self):
        tomorrow = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
        job = self.client.create_job(combined(scheduled_execution_date=tomorrow))
        job.update_name("New name")
        job.update_description("New description")
        later = tomorrow + datetime.timedelta(hours=1)
        job.update_scheduled_execution_date_time(later)
        self.assertLess(abs(job.scheduled_execution_date_time - later), datetime.timedelta(milliseconds=1))
        listed = self.client.jobs[0]
        self.assertEqual((listed.name, listed.description), ("New name", "New description"))
        self.assertEqual(listed.status, JobStatus.Pending)
        job.update_description(None)
        job.update()
        self.assertEqual(job.description, "New description")
        self.client.delete_jobs([job])
        with self.assertRaises(ValueError):
            job.update_name("Too late")

    def test_runs_scheduled_jobs_when_they_are_due(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        day = datetime.timedelta(days=1)
        job = self.client.create_job(combined(scheduled_execution_date=now + day))
        self.assertEqual(job.position, 1)
        time.sleep(0.2)
        job.update()
        self.assertEqual(job.status, JobStatus.Pending)
        job.update_scheduled_execution_date_time(now)
        self.assertEqual(finish(job).status, JobStatus.Succeeded)
        self.assertIsNone(job.position)
        self.assertIsNotNone(job.execution_date_time)
        self.assertGreaterEqual(job.completion_date_time, job.execution_date_time)

    def test_moves_jobs_to_the_top(self):
        tomorrow = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
        self.sandbox.post("/sandbox/jobqueue/concurrency?jobs=0")
        try:
            jobs = [self.client.create_job(combined(f"Number {i}")) for i in range(2)]
            jobs.append(self.client.create_job(combined("Number 2", scheduled_execution_date=tomorrow)))
            self.assertEqual([job.position for job in self.client.jobs], [1, 2, 3])
            self.assertEqual(jobs[2].position, 3)
            jobs[2].move_to_top()
            self.assertEqual(jobs[2].position, 1)
            self.assertEqual(self.client.jobs, [jobs[2], jobs[0], jobs[1]])
        finally:
            self.sandbox.post("/sandbox/jobqueue/concurrency?jobs=1")

    def test_accepts_safe_paths_only(self):
        absolute = str(pathlib.Path("data.dat").absolute())

        def request(data):
            return TextImportJobRequest(
                name="Paths", description=None, template_file="template.xml", data_files=[data]
            )

        job = self.client.create_job(request(JobFile(absolute, "data.dat")))
        self.assertIn(job.status, (JobStatus.Pending, JobStatus.Running, JobStatus.Succeeded))
        if self.checks_paths:
            with self.assertRaisesRegex(ApiException, "not safe relative paths"):
                self.client.create_job(request(absolute))

    def test_tells_who_the_caller_is_and_how_jobs_are_processed(self):
        self.assertTrue(self.client.is_admin_user)
        self.assertTrue(self.client.can_write_job)
        configuration = self.client.processing_configuration
        self.assertEqual(configuration.concurrency, 1)
        self.assertEqual(configuration.purge_job_age_in_milliseconds, 30 * 24 * 3600 * 1000)
        job = self.run_job(combined())
        self.assertEqual(job.submitter_information["username"], "demo")
        self.assertIn("MI_ADMIN", job.submitter_information["roles"])


class Version242(Profile, unittest.TestCase):
    version = "24.2"
    summary_file = True
    checks_paths = False


class Version251(Profile, unittest.TestCase):
    version = "25.1"
    summary_file = True


class Version252(Profile, unittest.TestCase):
    version = "25.2"


class Version261(Profile, unittest.TestCase):
    version = "26.1"


if __name__ == "__main__":
    unittest.main()
