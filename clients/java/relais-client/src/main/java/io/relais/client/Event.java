package io.relais.client;

import io.grpc.Status;
import io.relais.error.v1.Reason;
import java.time.Duration;

/** What an observer is told: something is done once more. */
public final class Event {
  /** What is done. */
  public enum Kind {
    /** A call, an upload or a download is made again. */
    REPEAT,
    /** A stream is connected again and goes on. */
    RECONNECT,
    /** A stream had to begin anew: what it told before comes again. */
    RESTART
  }

  private final Kind kind;
  private final RelaisException error;
  private final Duration wait;

  Event(Kind kind, RelaisException error, Duration wait) {
    this.kind = kind;
    this.error = error;
    this.wait = wait;
  }

  /** What is done. */
  public Kind kind() {
    return kind;
  }

  /** Code of the error before; OK where a stream ended because of its age, or has begun anew. */
  public Status.Code code() {
    return error.code();
  }

  /** Reason of the error before; unspecified where the gateway gave none. */
  public Reason reason() {
    return error.reason();
  }

  /** The attempt that failed, from 1; of a stream since its last message. */
  public int attempt() {
    return error.attempts();
  }

  /** How long is waited until the next one. */
  public Duration waiting() {
    return wait;
  }

  /** The {@code request_id} of the message; empty where it has none. */
  public String requestId() {
    return error.requestId();
  }

  /** The gateway's id of the call that failed; empty where it gave none. */
  public String callId() {
    return error.callId();
  }

  @Override
  public String toString() {
    return kind + " after attempt " + attempt() + " in " + wait.toMillis() + " ms: " + error.getMessage();
  }
}
