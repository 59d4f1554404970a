package io.relais.client;

import com.google.protobuf.ByteString;
import io.relais.jobqueue.v1.DownloadOutputFileRequest;
import io.relais.jobqueue.v1.DownloadOutputFileResponse;
import io.relais.jobqueue.v1.Job;
import io.relais.jobqueue.v1.JobDefinition;
import io.relais.jobqueue.v1.JobQueueServiceGrpc;
import io.relais.jobqueue.v1.ListOutputFilesRequest;
import io.relais.jobqueue.v1.ListOutputFilesResponse;
import io.relais.jobqueue.v1.OutputFile;
import io.relais.jobqueue.v1.SubmitJobRequest;
import io.relais.jobqueue.v1.WatchJobRequest;
import io.relais.jobqueue.v1.WatchJobResponse;
import io.relais.jobqueue.v1.WatchJobsRequest;
import io.relais.jobqueue.v1.WatchJobsResponse;
import io.relais.type.v1.FileEnd;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What stands above JobQueueService. */
public final class JobQueueCalls {
  private static final int CHUNK = 256 << 10;

  private final Relais client;
  private final Download<DownloadOutputFileRequest, DownloadOutputFileResponse> download;

  JobQueueCalls(Relais client) {
    this.client = client;
    download = new Download<>(client, JobQueueServiceGrpc.getDownloadOutputFileMethod());
  }

  /** All jobs of {@code queues/{queue}}, live. */
  public Watch<Job> watch(String parent) {
    return new Watch<>(new Link<>(client, JobQueueServiceGrpc.getWatchJobsMethod(),
        WatchJobsRequest.newBuilder().setParent(parent).build(), client.retry.silence, Duration.ZERO, true),
        WatchJobsResponse::getJobsList, "removed_jobs");
  }

  /** The states of a job until the one that ends it. */
  public Feed<Job> watchJob(String name) {
    return states(name, Duration.ZERO);
  }

  /**
   * Waits for the end of a job, which may be a failure: that is a result. DEADLINE_EXCEEDED with the last state when
   * it has not ended within the limit; the job goes on then.
   *
   * @param limit ZERO = for ever
   */
  public Job await(String name, Duration limit) {
    return states(name, limit).await();
  }

  /** As {@link #await} on the builder's executor; cancelling the future ends the waiting, never the job. */
  public CompletableFuture<Job> awaitAsync(String name, Duration limit) {
    return client.async(() -> await(name, limit));
  }

  /** Submits a job with the files that its definition names by path, once, under an id that is made. */
  public Job submit(String parent, JobDefinition definition, Map<String, Source> files) {
    return submit(parent, definition, files, UUID.randomUUID().toString());
  }

  /** As {@link #submit(String, JobDefinition, Map)} under an id of the caller's. */
  public Job submit(String parent, JobDefinition definition, Map<String, Source> files, String requestId) {
    Attempts attempts = new Attempts(
        client, Event.Kind.REPEAT, requestId, client.retry.attempts, Duration.ZERO, Duration.ZERO);
    boolean again = files.values().stream().allMatch(source -> source.repeatable);
    SubmitJobRequest start = SubmitJobRequest.newBuilder().setStart(SubmitJobRequest.Start.newBuilder()
        .setParent(parent).setDefinition(definition).setRequestId(requestId)).build();
    try {
      for (Source source : files.values()) {
        source.check();
      }
    } catch (IOException e) {
      throw client.local(e);
    }
    return client.repeat(JobQueueServiceGrpc.getSubmitJobMethod(), attempts, () -> again, wire -> {
      wire.send(start, client.retry.progress);
      files.forEach((path, source) -> send(wire, path, source));
      wire.halfClose();
      return wire.only(client.retry.giveUp);
    });
  }

  /** Downloads an output file; what is there is replaced once the new one is whole. */
  public Saved download(String name, Path path) {
    return download.to(request(name), path);
  }

  /** Downloads an output file to a stream, which stays open. */
  public Saved downloadTo(String name, OutputStream stream) {
    return download.to(request(name), stream);
  }

  /** Downloads all output files of a job into a folder, under names that are safe there. */
  public List<Saved> downloadAll(String job, Path folder) {
    Set<String> taken = new HashSet<>();
    List<Saved> saved = new ArrayList<>();
    for (OutputFile file : client.list(JobQueueServiceGrpc.getListOutputFilesMethod(),
        ListOutputFilesRequest.newBuilder().setParent(job).build(), ListOutputFilesResponse::getOutputFilesList)) {
      saved.add(download(file.getName(), folder.resolve(Download.safeName(file.getFileName(), taken))));
    }
    return saved;
  }

  private States<WatchJobResponse, Job> states(String name, Duration limit) {
    return new States<>(new Link<>(client, JobQueueServiceGrpc.getWatchJobMethod(),
        WatchJobRequest.newBuilder().setName(name).build(), client.retry.silence, limit, false),
        WatchJobResponse::getJob);
  }

  private void send(Wire<SubmitJobRequest, Job> wire, String path, Source source) {
    SubmitJobRequest.Builder part = SubmitJobRequest.newBuilder();
    wire.send(part.setFile(SubmitJobRequest.File.newBuilder().setPath(path)).build(), client.retry.progress);
    MessageDigest digest = Download.sha256();
    long size = 0;
    try (InputStream content = source.open()) {
      for (byte[] chunk = content.readNBytes(CHUNK); chunk.length > 0; chunk = content.readNBytes(CHUNK)) {
        digest.update(chunk);
        size += chunk.length;
        wire.send(part.setChunk(ByteString.copyFrom(chunk)).build(), client.retry.progress);
      }
    } catch (IOException e) {
      throw client.local(e);
    }
    FileEnd end = FileEnd.newBuilder().setSizeBytes(size).setSha256(Download.hex(digest)).build();
    wire.send(part.setEnd(end).build(), client.retry.progress);
  }

  private static DownloadOutputFileRequest request(String name) {
    return DownloadOutputFileRequest.newBuilder().setName(name).build();
  }
}
