package io.relais.client;

import io.relais.robot.v1.RobotLog;
import io.relais.robot.v1.TailRobotLogsRequest;
import io.relais.robot.v1.TailRobotLogsResponse;
import java.util.Collections;
import java.util.Iterator;

/** Rows of robots' logs as they come, each once, whatever breaks meanwhile. */
public final class Tail extends Feed<RobotLog> {
  private final Link<TailRobotLogsRequest, TailRobotLogsResponse> link;

  Tail(Link<TailRobotLogsRequest, TailRobotLogsResponse> link) {
    super(link);
    this.link = link;
  }

  @Override
  Iterator<RobotLog> fetch() {
    TailRobotLogsResponse batch = link.next();
    if (batch != null) {
      link.token(batch.getResumeToken());
      return batch.getLogsList().iterator();
    }
    if (link.request.getHistoryOnly() || link.request.getEndWithJob()) {
      return null;
    }
    link.ended();
    return Collections.emptyIterator();
  }
}
