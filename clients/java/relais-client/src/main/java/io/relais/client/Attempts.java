package io.relais.client;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.relais.error.v1.Reason;
import java.time.Duration;

/** The attempts of one call, or of one stream since its last message: decides whether there is another. */
final class Attempts {
  /** A file whose content is not what it should be is fetched so often. */
  private static final int DOWNLOADS = 3;

  private final Relais client;
  private final Event.Kind kind;
  private final String requestId;
  private final int most;
  private final Duration giveUp;
  private final Duration deadline;
  private final long begin = System.nanoTime();
  private long quietSince = begin;
  private int made = 1;
  private boolean tokenRenewed;

  /** giveUp: no attempt begins so long after the last message; deadline: nor so long after the first; ZERO = any time. */
  Attempts(Relais client, Event.Kind kind, String requestId, int most, Duration giveUp, Duration deadline) {
    this.client = client;
    this.kind = kind;
    this.requestId = requestId;
    this.most = most;
    this.giveUp = giveUp;
    this.deadline = deadline;
  }

  /** What is left until the deadline, at least 1 ns; ZERO where there is none. */
  Duration left() {
    return left(deadline, begin);
  }

  /** Something came: what follows is counted anew. */
  void progress() {
    quietSince = System.nanoTime();
    made = 1;
    tokenRenewed = false;
  }

  /** What is left of a limit that began to run at since, at least 1 ns; ZERO where there is none. */
  static Duration left(Duration limit, long since) {
    return limit.isZero() ? limit : Duration.ofNanos(Math.max(1, limit.toNanos() - (System.nanoTime() - since)));
  }

  /** Rests until the next attempt, less long when over is cancelled, or throws the error when there is none. */
  void failed(StatusRuntimeException error, boolean again, Context over) {
    if (error.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED) {
      client.throwIfCancelled();
    }
    RelaisException e = client.error(error, requestId, made);
    Duration wait = e.retryAfter().orElse(Duration.ZERO);
    if (e.code() == Status.Code.UNAUTHENTICATED && client.hasToken() && !tokenRenewed && again) {
      tokenRenewed = true;
    } else {
      if (!again || !e.repeatable()) {
        throw e;
      }
      boolean counts = e.reason() != Reason.REQUEST_IN_PROGRESS;
      if (counts && made >= (e.code() == Status.Code.DATA_LOSS ? Math.min(most, DOWNLOADS) : most)) {
        throw e;
      }
      Duration own = Retry.wait(made);
      wait = own.compareTo(wait) > 0 ? own : wait;
    }
    boolean late = !deadline.isZero() && wait.compareTo(left()) >= 0;
    if (late || !giveUp.isZero() && wait.compareTo(left(giveUp, quietSince)) >= 0) {
      throw e;
    }
    client.observe(new Event(kind, e, wait));
    made += e.reason() == Reason.REQUEST_IN_PROGRESS ? 0 : 1;
    client.rest(wait, over);
  }
}
