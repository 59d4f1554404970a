package io.relais.client;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.relais.campaign.v1.ActionRun;
import io.relais.campaign.v1.CampaignServiceGrpc;
import io.relais.campaign.v1.DownloadAnswerRequest;
import io.relais.campaign.v1.DownloadQuestionnaireRequest;
import io.relais.campaign.v1.LogLine;
import io.relais.campaign.v1.Polling;
import io.relais.campaign.v1.WatchActionRunRequest;
import io.relais.campaign.v1.WatchActionRunResponse;
import io.relais.campaign.v1.WatchPollingRequest;
import io.relais.campaign.v1.WatchPollingResponse;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** What stands above CampaignService. */
public final class CampaignCalls {
  private final Relais client;

  CampaignCalls(Relais client) {
    this.client = client;
  }

  /**
   * Starts an action and follows it to its end, which may be a failure: that is a result.
   *
   * @param limit for the whole; ZERO = for ever. The run goes on when it has passed
   * @param onLine told of each line of the log, once and in order
   */
  public <Q extends Message> ActionRun run(
      MethodDescriptor<Q, ActionRun> method, Q request, Duration limit, Consumer<LogLine> onLine) {
    long begin = System.nanoTime();
    ActionRun run = limit.isZero() ? client.call(method, request) : client.call(method, request, limit);
    return follow(run.getName(), Attempts.left(limit, begin), onLine);
  }

  /** Follows a run to its end, as {@link #run} does. */
  public ActionRun follow(String name, Duration limit, Consumer<LogLine> onLine) {
    Link<WatchActionRunRequest, WatchActionRunResponse> link = link(name, limit, true);
    return new States<WatchActionRunResponse, ActionRun>(link, WatchActionRunResponse::getActionRun) {
      private long told = -1;

      @Override
      void received(WatchActionRunResponse message) {
        link.token(message.getResumeToken());
        for (LogLine line : message.getLinesList()) {
          if (line.getOffset() > told) {
            told = line.getOffset();
            onLine.accept(line);
          }
        }
      }
    }.await();
  }

  /** The states of a run until the one that ends it. */
  public Feed<ActionRun> watchRun(String name) {
    return new States<>(link(name, Duration.ZERO, false), WatchActionRunResponse::getActionRun);
  }

  /** Waits for the end of a run, as {@link JobQueueCalls#await}. */
  public ActionRun awaitRun(String name, Duration limit) {
    return new States<>(link(name, limit, false), WatchActionRunResponse::getActionRun).await();
  }

  /** The states of a polling until the one that ends it. */
  public Feed<Polling> watchPolling(String name) {
    return polling(name, Duration.ZERO);
  }

  /** Waits for the end of a polling, as {@link JobQueueCalls#await}. */
  public Polling awaitPolling(String name, Duration limit) {
    return polling(name, limit).await();
  }

  /** Downloads an answer or a questionnaire; what is there is replaced once the new one is whole. */
  public Saved download(String name, Path path) {
    return name.contains("/questionnaires/")
        ? new Download<>(client, CampaignServiceGrpc.getDownloadQuestionnaireMethod()).to(questionnaire(name), path)
        : new Download<>(client, CampaignServiceGrpc.getDownloadAnswerMethod()).to(answer(name), path);
  }

  /** Downloads an answer or a questionnaire to a stream, which stays open. */
  public Saved downloadTo(String name, OutputStream stream) {
    return name.contains("/questionnaires/")
        ? new Download<>(client, CampaignServiceGrpc.getDownloadQuestionnaireMethod()).to(questionnaire(name), stream)
        : new Download<>(client, CampaignServiceGrpc.getDownloadAnswerMethod()).to(answer(name), stream);
  }

  private Link<WatchActionRunRequest, WatchActionRunResponse> link(String name, Duration limit, boolean restarts) {
    return new Link<>(client, CampaignServiceGrpc.getWatchActionRunMethod(),
        WatchActionRunRequest.newBuilder().setName(name).build(), client.retry.silence, limit, restarts);
  }

  private States<WatchPollingResponse, Polling> polling(String name, Duration limit) {
    return new States<>(new Link<>(client, CampaignServiceGrpc.getWatchPollingMethod(),
        WatchPollingRequest.newBuilder().setName(name).build(), client.retry.silence, limit, false),
        WatchPollingResponse::getPolling);
  }

  private static DownloadAnswerRequest answer(String name) {
    return DownloadAnswerRequest.newBuilder().setName(name).build();
  }

  private static DownloadQuestionnaireRequest questionnaire(String name) {
    return DownloadQuestionnaireRequest.newBuilder().setName(name).build();
  }
}
