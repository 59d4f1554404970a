package io.relais.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One call of gRPC as its caller's thread sees it: everything that the call reports is run by the thread that waits.
 * At most one message is asked for at a time. Only close may be called by another thread.
 */
final class Wire<Q, R> extends ClientCall.Listener<R> implements AutoCloseable {
  /** For calls that their deadline ends. */
  static final Duration UNLIMITED = Duration.ofDays(3650);

  private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
  private final ClientCall<Q, R> call;
  private final boolean streaming;
  private R message;
  private Status status;
  private Metadata trailers;

  Wire(Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Metadata headers) {
    // gRPC tells of room only where several messages can be sent.
    streaming = !method.getType().clientSendsOneMessage();
    call = channel.newCall(method, options.withExecutor(work::add));
    call.start(this, headers);
  }

  /** Sends a message once the call has room for it; throws UNAVAILABLE when it has none for that long. */
  void send(Q request, Duration limit) {
    if (streaming) {
      run(call::isReady, limit);
    }
    if (status == null) {
      call.sendMessage(request);
    }
  }

  void halfClose() {
    call.halfClose();
  }

  /** The next message; null at a clean end; UNAVAILABLE when nothing comes for that long. */
  R next(Duration limit) {
    call.request(1);
    run(() -> message != null, limit);
    R next = message;
    message = null;
    return next;
  }

  /** The answer of a call that has one, which has ended well; no more comes. */
  R only(Duration limit) {
    R answer = next(limit);
    next(limit);
    return answer;
  }

  @Override
  public void onMessage(R received) {
    message = received;
  }

  @Override
  public void onClose(Status end, Metadata last) {
    status = end;
    trailers = last;
  }

  @Override
  public void close() {
    call.cancel("no longer wanted", null);
  }

  private void run(BooleanSupplier done, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (!done.getAsBoolean() && status == null) {
      Runnable next;
      try {
        next = work.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        close();
        throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
      }
      if (next == null) {
        close();
        throw Status.UNAVAILABLE.withDescription("nothing moved for " + limit.toMillis() + " ms").asRuntimeException();
      }
      next.run();
    }
    if (status != null && !status.isOk() && message == null) {
      throw status.asRuntimeException(trailers);
    }
  }
}
