package io.relais.client;

import io.relais.exports.v1.DownloadExportFileRequest;
import io.relais.exports.v1.ExportRun;
import io.relais.exports.v1.ExportServiceGrpc;
import io.relais.exports.v1.RunExportRequest;
import io.relais.exports.v1.WatchExportRunRequest;
import io.relais.exports.v1.WatchExportRunResponse;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;

/** What stands above ExportService. */
public final class ExportCalls {
  private final Relais client;

  ExportCalls(Relais client) {
    this.client = client;
  }

  /** Runs an export for the last period that is over; answers at once. */
  public ExportRun run(String export) {
    return client.call(ExportServiceGrpc.getRunExportMethod(), RunExportRequest.newBuilder().setName(export).build());
  }

  /** The states of a run until the one that ends it. */
  public Feed<ExportRun> watchRun(String name) {
    return states(name, Duration.ZERO);
  }

  /** Waits for the end of a run, as {@link JobQueueCalls#await}. */
  public ExportRun await(String name, Duration limit) {
    return states(name, limit).await();
  }

  /** Downloads the only file of a run; what is there is replaced once the new one is whole. */
  public Saved download(String run, Path path) {
    return download(run, "", path);
  }

  /** Downloads a file of a run by its name. */
  public Saved download(String run, String fileName, Path path) {
    return new Download<>(client, ExportServiceGrpc.getDownloadExportFileMethod()).to(file(run, fileName), path);
  }

  /** Downloads a file of a run to a stream, which stays open. */
  public Saved downloadTo(String run, String fileName, OutputStream stream) {
    return new Download<>(client, ExportServiceGrpc.getDownloadExportFileMethod()).to(file(run, fileName), stream);
  }

  private States<WatchExportRunResponse, ExportRun> states(String name, Duration limit) {
    return new States<>(new Link<>(client, ExportServiceGrpc.getWatchExportRunMethod(),
        WatchExportRunRequest.newBuilder().setName(name).build(), client.retry.silence, limit, false),
        WatchExportRunResponse::getRun);
  }

  private static DownloadExportFileRequest file(String run, String fileName) {
    return DownloadExportFileRequest.newBuilder().setName(run).setFileName(fileName).build();
  }
}
