package io.relais.examples;

import static io.relais.jobqueue.v1.JobQueueServiceGrpc.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.FieldMask;
import com.google.protobuf.Timestamp;
import io.relais.client.Saved;
import io.relais.client.Source;
import io.relais.jobqueue.v1.*;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java of docs/from-vendor-scripts.md: what scripts do with the job queue's own client. */
class JobQueueScriptsTest extends VendorScripts {
  // show: jobqueue names
  static final String QUEUE = "queues/sandbox";

  static Timestamp in(Duration time) {
    return Timestamp.newBuilder().setSeconds(Instant.now().plus(time).getEpochSecond()).build();
  }

  static JobFile file(String path) {
    return JobFile.newBuilder().setPath(path).build();
  }
  // end

  private static final Map<String, Source> STEELS = Map.of(
      "template.xml", Source.bytes("<Template><General><FullName><Item>Build</Item></FullName></General></Template>\n".getBytes(UTF_8)),
      "steels.csv", Source.bytes("Number,Build,Speed\n1,steel-1,36.7\n2,steel-2,67.4\n".getBytes(UTF_8)));

  private static JobDefinition.Builder steels(String name) {
    return JobDefinition.newBuilder().setDisplayName(name)
        .setTextImport(TextImport.newBuilder().setTemplate(file("template.xml")).addData(file("steels.csv")));
  }

  @Test
  void queue() {
    Job job = relais.jobqueue().submit(QUEUE, steels("Steels of today").build(), STEELS);
    // show: jobqueue queue
    // Connection(…).with_credentials(…).connect(): the gateway logs on. Can it?
    boolean ready = relais.call(getGetQueueMethod(), GetQueueRequest.newBuilder().setName(QUEUE).build())
        .getReadiness() == Queue.Readiness.READINESS_READY;
    // processing_configuration
    int concurrency = relais.call(getGetProcessingConfigurationMethod(),
        GetProcessingConfigurationRequest.newBuilder().setParent(QUEUE).build()).getConcurrency();
    // is_admin_user, can_write_job
    CurrentUser user = relais.call(getGetCurrentUserMethod(), GetCurrentUserRequest.newBuilder().setParent(QUEUE).build());
    boolean adminWhoWrites = user.getAdmin() && user.getWriteAccess();
    // jobs, num_jobs: all pages, as they are taken
    List<String> jobs = relais.list(getListJobsMethod(), ListJobsRequest.newBuilder().setParent(QUEUE).build(),
        ListJobsResponse::getJobsList).stream().map(Job::getName).collect(Collectors.toList());
    // jobs_where(name=…, job_type=…)
    List<Job> some = relais.list(getListJobsMethod(), ListJobsRequest.newBuilder().setParent(QUEUE)
        .setFilter("display_name : \"today\" AND type = TEXT_IMPORT").build(), ListJobsResponse::getJobsList)
        .stream().collect(Collectors.toList());
    // get_job_by_id: asks the server
    Job same = relais.call(getGetJobMethod(), GetJobRequest.newBuilder().setName(job.getName()).build());
    // delete_jobs: tells of each whether it is gone
    BatchDeleteJobsResponse deleted = relais.call(getBatchDeleteJobsMethod(),
        BatchDeleteJobsRequest.newBuilder().setParent(QUEUE).addNames(job.getName()).build());
    // end
    assertTrue(ready && concurrency >= 1 && adminWhoWrites && jobs.contains(job.getName()));
    assertEquals(List.of(same.getName()), some.stream().map(Job::getName).collect(Collectors.toList()));
    assertTrue(deleted.getResults(0).getDone());
  }

  @Test
  void submissions(@TempDir Path folder) throws Exception {
    for (String name : List.of("layout.xlsx", "steels.xlsx")) {
      Files.writeString(folder.resolve(name), "not a workbook");
    }
    // show: jobqueue submissions
    // TextImportJobRequest, create_job_and_wait. A source is bytes, a path or a stream
    JobDefinition definition = JobDefinition.newBuilder().setDisplayName("Steels").setTextImport(TextImport.newBuilder()
        .setTemplate(file("template.xml")).addData(file("steels.csv"))).build();
    Job job = relais.jobqueue().submit(QUEUE, definition, STEELS);
    job = relais.jobqueue().await(job.getName(), Duration.ofMinutes(5));
    // ExcelImportJobRequest with template_file and data_files, create_job
    definition = JobDefinition.newBuilder().setDisplayName("Steels in Excel").setExcelImport(ExcelImport.newBuilder()
        .setTemplate(file("layout.xlsx")).addData(file("steels.xlsx"))).build();
    Job excel = relais.jobqueue().submit(QUEUE, definition, Map.of(
        "layout.xlsx", Source.path(folder.resolve("layout.xlsx")), "steels.xlsx", Source.path(folder.resolve("steels.xlsx"))));
    // ExcelExportJobRequest, ExportRecord; scheduled_execution_date
    definition = JobDefinition.newBuilder().setDisplayName("Two records").setScheduleTime(in(Duration.ofDays(1)))
        .setExcelExport(ExcelExport.newBuilder().setTemplate(file("layout.xlsx")).setDatabaseKey("MI_Training")
            .addRecords(ExcelExport.Record.newBuilder().setRecordHistoryIdentity(12345))
            .addRecords(ExcelExport.Record.newBuilder().setRecordHistoryIdentity(23456))).build();
    Job export = relais.jobqueue().submit(QUEUE, definition, Map.of("layout.xlsx", Source.path(folder.resolve("layout.xlsx"))));
    // end
    assertTrue(job.getSucceeded(), job.toString());
    assertEquals(Job.Type.TYPE_EXCEL_IMPORT, excel.getType());
    assertEquals(Job.Type.TYPE_EXCEL_EXPORT, export.getType());
  }

  @Test
  void jobs() {
    String name = relais.jobqueue().submit(QUEUE, steels("Steels once more").build(), STEELS).getName();
    Job job = relais.jobqueue().await(name, Duration.ofMinutes(1));
    Job pending = relais.jobqueue().submit(QUEUE, steels("Later").setScheduleTime(in(Duration.ofDays(2))).build(), STEELS);
    // show: jobqueue jobs
    // id, name, description, type
    List<Object> facts = List.of(job.getName(), job.getDisplayName(), job.getDescription(), job.getType());
    // status: says that the work was done, not how
    Job.State status = job.getState();
    // output_information: read for you. Did the work succeed?
    boolean good = job.getSucceeded();
    List<Object> details = List.of(job.getImportSummary(), job.getImportSummary().getErrorsList(), job.getRawOutputsMap());
    // position: none when it is not waiting
    int position = pending.hasQueuePosition() ? pending.getQueuePosition() : -1;
    // submitter_information
    List<Object> submitter = List.of(job.getSubmitter(), job.getSubmitTime(), job.getSubmitterRolesList());
    // execution_date_time, completion_date_time, scheduled_execution_date_time
    List<Timestamp> times = List.of(job.getStartTime(), job.getEndTime(), pending.getScheduleTime());
    // update: read again
    job = relais.call(getGetJobMethod(), GetJobRequest.newBuilder().setName(job.getName()).build());
    // update_name, update_description
    job = relais.call(getUpdateJobMethod(), UpdateJobRequest.newBuilder()
        .setJob(Job.newBuilder().setName(job.getName()).setDisplayName("Steels, checked").setDescription("by hand"))
        .setUpdateMask(FieldMask.newBuilder().addPaths("display_name").addPaths("description")).build());
    // update_scheduled_execution_date_time
    Timestamp later = in(Duration.ofDays(3));
    pending = relais.call(getUpdateJobMethod(), UpdateJobRequest.newBuilder()
        .setJob(Job.newBuilder().setName(pending.getName()).setScheduleTime(later))
        .setUpdateMask(FieldMask.newBuilder().addPaths("schedule_time")).build());
    // move_to_top
    relais.call(getMoveJobToTopMethod(), MoveJobToTopRequest.newBuilder().setName(pending.getName()).build());
    // end
    assertEquals("Steels once more", facts.get(1));
    assertTrue(status == Job.State.STATE_SUCCEEDED && good && details.size() == 3 && position >= -1 && !"".equals(submitter.get(0)));
    assertTrue(times.get(1).getSeconds() < times.get(2).getSeconds());
    assertEquals("Steels, checked, by hand", job.getDisplayName() + ", " + job.getDescription());
    assertEquals(later, pending.getScheduleTime());
  }

  @Test
  void files(@TempDir Path folder) throws Exception {
    String name = relais.jobqueue().submit(QUEUE, steels("Steels with a log").build(), STEELS).getName();
    Job job = relais.jobqueue().await(name, Duration.ofMinutes(1));
    // show: jobqueue files
    // output_file_names
    List<OutputFile> files = relais.list(getListOutputFilesMethod(), ListOutputFilesRequest.newBuilder()
        .setParent(job.getName()).build(), ListOutputFilesResponse::getOutputFilesList).stream().collect(Collectors.toList());
    // download_file(name, path): whole and with the right SHA-256, or not at all
    Saved saved = relais.jobqueue().download(files.get(0).getName(), folder.resolve("output"));
    // download_file for every name
    List<Saved> everything = relais.jobqueue().downloadAll(job.getName(), folder);
    // get_file_content
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    relais.jobqueue().downloadTo(files.get(0).getName(), content);
    // end
    assertEquals(files.size(), everything.size());
    assertTrue(saved.bytes() > 0);
    assertArrayEquals(Files.readAllBytes(folder.resolve("output")), content.toByteArray());
    // Others may read it, as any new file.
    Path plain = Files.createFile(folder.resolve("plain"));
    assertEquals(Files.getPosixFilePermissions(plain), Files.getPosixFilePermissions(folder.resolve("output")));
  }
}
