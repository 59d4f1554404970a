package io.relais.client;

import com.google.protobuf.Message;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.relais.error.v1.Reason;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/** A stream of messages that is connected again when it breaks, and goes on where its token says. */
final class Link<Q extends Message, R extends Message> {
  Q request;
  int reconnects;
  private final Relais client;
  private final MethodDescriptor<Q, R> method;
  private final Duration silence;
  private final boolean restarts;
  private final Attempts attempts;
  private volatile Wire<Q, R> wire;
  private final Context.CancellableContext closed = Context.ROOT.withCancellation();
  private boolean silent = true;

  /**
   * silence: how long nothing may come; deadline: for the whole, ZERO = none; restarts: whether it begins anew when the
   * gateway no longer knows the token.
   */
  Link(Relais client, MethodDescriptor<Q, R> method, Q request, Duration silence, Duration deadline, boolean restarts) {
    this.client = client;
    this.method = method;
    this.request = request;
    this.silence = silence;
    this.restarts = restarts;
    attempts = new Attempts(
        client, Event.Kind.RECONNECT, "", Integer.MAX_VALUE, client.retry.giveUp, deadline);
  }

  /** The next message; null when the gateway has ended the stream. */
  R next() {
    while (true) {
      try {
        if (wire == null) {
          connect();
        }
        R message = wire.next(silence);
        throwIfClosed();
        silent = silent && message == null;
        if (message == null) {
          wire = null;
        } else {
          attempts.progress();
        }
        return message;
      } catch (StatusRuntimeException e) {
        again(e);
      }
    }
  }

  /** The gateway has ended the stream too early, as it does with old ones: go on. */
  void ended() {
    if (silent) {
      again(Status.UNAVAILABLE.withDescription("the stream has ended without a message").asRuntimeException());
    } else {
      client.observe(new Event(Event.Kind.RECONNECT, client.error(Status.OK, "", 1), Duration.ZERO));
      reconnects++;
    }
  }

  void token(String token) {
    request = Relais.with(request, "resume_token", token);
  }

  /** The stream tells everything again. */
  void restarted() {
    client.observe(new Event(Event.Kind.RESTART, client.error(Status.OK, "", 1), Duration.ZERO));
  }

  /** An error that the caller gets as if the gateway had sent it. */
  RelaisException error(Status status) {
    return client.error(status, "", 1);
  }

  void close() {
    closed.cancel(null);
    Wire<Q, R> open = wire;
    if (open != null) {
      open.close();
    }
  }

  private void connect() {
    throwIfClosed();
    silent = true;
    Wire<Q, R> opened = client.open(method, attempts.left());
    wire = opened;
    if (closed.isCancelled()) {
      opened.close();
    }
    opened.send(request, silence);
    opened.halfClose();
  }

  private void again(StatusRuntimeException error) {
    wire = null;
    throwIfClosed();
    boolean stale = client.error(error, "", 1).reason() == Reason.INVALID_RESUME_TOKEN;
    if (stale && restarts && reconnects > 0 && !request.equals(Relais.with(request, "resume_token", ""))) {
      token("");
    } else {
      attempts.failed(error, true, closed);
    }
    reconnects++;
  }

  private void throwIfClosed() {
    if (closed.isCancelled()) {
      throw new CancellationException("closed");
    }
  }
}
