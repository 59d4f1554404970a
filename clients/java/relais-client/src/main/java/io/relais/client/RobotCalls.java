package io.relais.client;

import io.relais.robot.v1.Job;
import io.relais.robot.v1.RobotServiceGrpc;
import io.relais.robot.v1.RobotState;
import io.relais.robot.v1.TailRobotLogsRequest;
import io.relais.robot.v1.WatchJobRequest;
import io.relais.robot.v1.WatchJobResponse;
import io.relais.robot.v1.WatchRobotsRequest;
import io.relais.robot.v1.WatchRobotsResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What stands above RobotService. */
public final class RobotCalls {
  private final Relais client;

  RobotCalls(Relais client) {
    this.client = client;
  }

  /** The states of all robots of {@code orchestrators/{orchestrator}/folders/{folder}}, live. */
  public Watch<RobotState> watch(String parent) {
    return new Watch<>(new Link<>(client, RobotServiceGrpc.getWatchRobotsMethod(),
        WatchRobotsRequest.newBuilder().setParent(parent).build(), client.retry.silence, Duration.ZERO, true),
        WatchRobotsResponse::getRobotsList, "removed_robots");
  }

  /** The states of a job until the one that ends it. */
  public Feed<Job> watchJob(String name) {
    return states(name, Duration.ZERO);
  }

  /** Waits for the end of a job, as {@link JobQueueCalls#await}. */
  public Job await(String name, Duration limit) {
    return states(name, limit).await();
  }

  /** As {@link #await} on the builder's executor; cancelling the future ends the waiting, never the job. */
  public CompletableFuture<Job> awaitAsync(String name, Duration limit) {
    return client.async(() -> await(name, limit));
  }

  /** The rows of a log that the request asks for, then those that come. */
  public Tail tail(TailRobotLogsRequest request) {
    return tail(request, new TailOptions());
  }

  /** As {@link #tail(TailRobotLogsRequest)}. */
  public Tail tail(TailRobotLogsRequest request, TailOptions options) {
    TailRobotLogsRequest.Builder asked = request.toBuilder();
    if (!options.untilJob.isEmpty()) {
      asked.setEndWithJob(true).getFilterBuilder().setJob(options.untilJob);
    }
    return new Tail(new Link<>(client, RobotServiceGrpc.getTailRobotLogsMethod(), asked.build(),
        client.retry.silence, Duration.ZERO, false));
  }

  private States<WatchJobResponse, Job> states(String name, Duration limit) {
    return new States<>(new Link<>(client, RobotServiceGrpc.getWatchJobMethod(),
        WatchJobRequest.newBuilder().setName(name).build(), client.retry.silence, limit, false),
        WatchJobResponse::getJob);
  }
}
