"""Python of docs/from-vendor-scripts.md: what scripts do with the job queue's own client. The page shows what stands between
the marks."""

import pathlib

# show: jobqueue names
from datetime import datetime, timedelta, timezone

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from relais.jobqueue.v1 import *

QUEUE = "queues/sandbox"
# end

TEMPLATE = b"<Template><General><FullName><Item>Build</Item></FullName></General></Template>\n"
STEELS = b"Number,Build,Speed\n1,steel-1,36.7\n2,steel-2,67.4\n"


def steels(client, name, **more):
    definition = JobDefinition(display_name=name, text_import=TextImport(
        template=JobFile(path="template.xml"), data=[JobFile(path="steels.csv")]), **more)
    return client.jobqueue.submit(QUEUE, definition, {"template.xml": TEMPLATE, "steels.csv": STEELS})


def test_queue(client):
    job = steels(client, "Steels of today")
    # show: jobqueue queue
    # Connection(…).with_credentials(…).connect(): the gateway logs on. Can it?
    ready = client.jobqueue.GetQueue(GetQueueRequest(name=QUEUE)).readiness == Queue.READINESS_READY
    # processing_configuration
    concurrency = client.jobqueue.GetProcessingConfiguration(GetProcessingConfigurationRequest(parent=QUEUE)).concurrency
    # is_admin_user, can_write_job
    user = client.jobqueue.GetCurrentUser(GetCurrentUserRequest(parent=QUEUE))
    is_admin, can_write = user.admin, user.write_access
    # jobs, num_jobs: all pages, as they are taken
    jobs = list(client.list(client.jobqueue.ListJobs, ListJobsRequest(parent=QUEUE)))
    # jobs_where(name=…, job_type=…)
    some = list(client.list(client.jobqueue.ListJobs, ListJobsRequest(
        parent=QUEUE, filter='display_name : "today" AND type = TEXT_IMPORT')))
    # get_job_by_id: asks the server
    same = client.jobqueue.GetJob(GetJobRequest(name=job.name))
    # delete_jobs: tells of each whether it is gone
    results = client.jobqueue.BatchDeleteJobs(BatchDeleteJobsRequest(parent=QUEUE, names=[job.name])).results
    # end
    assert ready and concurrency >= 1 and is_admin and can_write
    assert len(jobs) == 1 and [one.name for one in some] == [same.name] == [job.name] and results[0].done


def test_submissions(client, tmp_path):
    folder = pathlib.Path(tmp_path)
    for name in ("steels.xlsx", "more.xlsx", "layout.xlsx"):
        (folder / name).write_bytes(b"not a workbook")
    # show: jobqueue submissions
    # TextImportJobRequest, create_job_and_wait. A source is bytes, a pathlib.Path or a file object
    definition = JobDefinition(display_name="Steels", text_import=TextImport(
        template=JobFile(path="template.xml"), data=[JobFile(path="steels.csv")]))
    job = client.jobqueue.submit(QUEUE, definition, {"template.xml": TEMPLATE, "steels.csv": STEELS})
    done = client.jobqueue.wait(job.name, timeout=300)
    # ExcelImportJobRequest with template_file and data_files, create_job
    definition = JobDefinition(display_name="Steels in Excel", excel_import=ExcelImport(
        template=JobFile(path="layout.xlsx"), data=[JobFile(path="steels.xlsx"), JobFile(path="more.xlsx")]))
    excel = client.jobqueue.submit(QUEUE, definition, {
        name: folder / name for name in ("layout.xlsx", "steels.xlsx", "more.xlsx")})
    # ExcelExportJobRequest, ExportRecord; scheduled_execution_date
    tomorrow = Timestamp()
    tomorrow.FromDatetime(datetime.now(timezone.utc) + timedelta(days=1))
    definition = JobDefinition(display_name="Two records", schedule_time=tomorrow, excel_export=ExcelExport(
        template=JobFile(path="layout.xlsx"), database_key="MI_Training", records=[
            ExcelExport.Record(record_history_identity=12345), ExcelExport.Record(record_history_identity=23456)]))
    export = client.jobqueue.submit(QUEUE, definition, {"layout.xlsx": folder / "layout.xlsx"})
    # end
    summary = done.import_summary
    assert done.succeeded and summary.created_record_count + summary.updated_record_count == 2
    assert excel.type == Job.TYPE_EXCEL_IMPORT and export.type == Job.TYPE_EXCEL_EXPORT and export.state == Job.STATE_PENDING


def test_jobs(client):
    job = client.jobqueue.wait(steels(client, "Steels once more").name, timeout=60)
    later = Timestamp()
    later.FromDatetime(datetime.now(timezone.utc) + timedelta(days=2))
    pending = steels(client, "Later", schedule_time=later)
    # show: jobqueue jobs
    # id, name, description, type
    facts = (job.name, job.display_name, job.description, Job.Type.Name(job.type))
    # status: says that the work was done, not how
    status = Job.State.Name(job.state)
    # output_information: read for you. Did the work succeed?
    good = job.succeeded, job.import_summary.created_record_count, list(job.import_summary.errors), dict(job.raw_outputs)
    # position: none when it is not waiting
    position = pending.queue_position if pending.HasField("queue_position") else None
    # submitter_information
    submitter = job.submitter, job.submit_time.ToDatetime(), list(job.submitter_roles)
    # execution_date_time, completion_date_time, scheduled_execution_date_time
    times = job.start_time.ToDatetime(), job.end_time.ToDatetime(), pending.schedule_time.ToDatetime()
    # update: read again
    job = client.jobqueue.GetJob(GetJobRequest(name=job.name))
    # update_name, update_description
    job = client.jobqueue.UpdateJob(UpdateJobRequest(
        job=Job(name=job.name, display_name="Steels, checked", description="by hand"),
        update_mask=FieldMask(paths=["display_name", "description"])))
    # update_scheduled_execution_date_time
    later.FromDatetime(datetime.now(timezone.utc) + timedelta(days=3))
    pending = client.jobqueue.UpdateJob(UpdateJobRequest(
        job=Job(name=pending.name, schedule_time=later), update_mask=FieldMask(paths=["schedule_time"])))
    # move_to_top
    client.jobqueue.MoveJobToTop(MoveJobToTopRequest(name=pending.name))
    # end
    assert facts[1] == "Steels once more" and status == "STATE_SUCCEEDED" and good[0] and good[1] + job.import_summary.updated_record_count == 2
    assert submitter[0] and times[0] <= times[1] < times[2] and (position is None or position >= 0)
    assert (job.display_name, job.description) == ("Steels, checked", "by hand") and pending.schedule_time == later


def test_files(client, tmp_path):
    job = client.jobqueue.wait(steels(client, "Steels with a log").name, timeout=60)
    # show: jobqueue files
    # output_file_names
    files = list(client.list(client.jobqueue.ListOutputFiles, ListOutputFilesRequest(parent=job.name)))
    # download_file(name, path): whole and with the right SHA-256, or not at all
    saved = client.jobqueue.download(files[0].name, tmp_path / "output")
    # download_file for every name
    everything = client.jobqueue.download_all(job.name, tmp_path)
    # get_file_content
    with open(tmp_path / "content", "w+b") as file:
        client.jobqueue.download_to(files[0].name, file)
    # end
    assert files and len(everything) == len(files)
    assert saved.bytes == (tmp_path / "output").stat().st_size > 0
    assert (tmp_path / "content").read_bytes() == (tmp_path / "output").read_bytes()
