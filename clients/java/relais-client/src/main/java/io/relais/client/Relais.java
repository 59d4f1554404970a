package io.relais.client;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Empty;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A connection to a gateway. Safe for use by many threads; a stream that it opens belongs to one thread at a time.
 *
 * <p>Every call may be repeated: an empty {@code request_id} is filled in, in a copy of the message, so that the
 * gateway does once what arrives twice. Blocking methods throw {@link RelaisException} when the call fails, and
 * {@link CancellationException} when the thread is interrupted (which stays so), the current {@link Context} is
 * cancelled, or the stream is closed.
 */
public final class Relais implements AutoCloseable {
  /** grpc.health.v1.Health/Check by types of the same form: no service named, a status as a number. */
  private static final MethodDescriptor<Empty, Int32Value> HEALTH =
      MethodDescriptor.<Empty, Int32Value>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("grpc.health.v1.Health/Check")
          .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(Int32Value.getDefaultInstance()))
          .build();

  private static final int SERVING = 1;
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Duration CONNECTING = Duration.ofMillis(500);

  final Retry retry;
  private final ManagedChannel channel;
  private final RelaisBuilder options;
  /** Cancelled when this is closed. */
  private final Context.CancellableContext life = Context.ROOT.withCancellation();

  Relais(RelaisBuilder options, ChannelCredentials credentials) {
    this.options = options;
    retry = options.retry;
    channel = Grpc.newChannelBuilder(options.target, credentials)
        .maxInboundMessageSize(64 << 20)
        .keepAliveTime(30, TimeUnit.SECONDS)
        .keepAliveTimeout(10, TimeUnit.SECONDS)
        .disableRetry()
        .build();
  }

  /**
   * Begins a connection.
   *
   * @param target {@code host:port}, or a target as gRPC knows them: {@code dns:///host:port}, {@code unix:///path}
   */
  public static RelaisBuilder builder(String target) {
    return new RelaisBuilder(target);
  }

  /** Asks for the gateway's health: says at once what is wrong with target, TLS or gateway. */
  public void ping() {
    int status = call(HEALTH, Empty.getDefaultInstance()).getValue();
    if (status != SERVING) {
      throw error(Status.UNAVAILABLE.withDescription("the gateway answers, but does not serve now"), "", 1);
    }
  }

  /** Calls a unary method, with the deadline of the builder (60 s) for all attempts together. */
  public <Q extends Message, R extends Message> R call(MethodDescriptor<Q, R> method, Q request) {
    return call(method, request, options.timeout);
  }

  /** Calls a unary method with a deadline of its own, for all attempts together. */
  public <Q extends Message, R extends Message> R call(MethodDescriptor<Q, R> method, Q request, Duration timeout) {
    Q sent = withId(request);
    Attempts attempts = new Attempts(this, Event.Kind.REPEAT, idOf(sent), retry.attempts, Duration.ZERO, timeout);
    return repeat(method, attempts, () -> true, wire -> {
      wire.send(sent, Wire.UNLIMITED);
      wire.halfClose();
      return wire.only(Wire.UNLIMITED);
    });
  }

  /** As {@link #call(MethodDescriptor, Message)} on the builder's executor; cancelling the future cancels the call. */
  public <Q extends Message, R extends Message> CompletableFuture<R> callAsync(MethodDescriptor<Q, R> method, Q request) {
    return async(() -> call(method, request));
  }

  /** All items of a list method, page by page as they are taken; each iteration begins anew. */
  public <Q extends Message, R extends Message, T> Pages<T> list(
      MethodDescriptor<Q, R> method, Q request, Function<R, List<T>> items) {
    return new Pages<>(this, method, request, items);
  }

  /** What stands above RecordSqlService. */
  public RecordSqlCalls recordsql() {
    return new RecordSqlCalls(this);
  }

  /** What stands above JobQueueService. */
  public JobQueueCalls jobqueue() {
    return new JobQueueCalls(this);
  }

  /** What stands above RobotService. */
  public RobotCalls robot() {
    return new RobotCalls(this);
  }

  /** What stands above CampaignService. */
  public CampaignCalls campaign() {
    return new CampaignCalls(this);
  }

  /** What stands above ExportService. */
  public ExportCalls exports() {
    return new ExportCalls(this);
  }

  /** The channel, for stubs of one's own; calls made with it are not repeated. */
  public ManagedChannel channel() {
    return channel;
  }

  /** Ends all calls and closes the connection. */
  @Override
  public void close() {
    channel.shutdownNow();
    life.cancel(null);
  }

  <T> CompletableFuture<T> async(Supplier<T> work) {
    Context.CancellableContext context = Context.current().withCancellation();
    CompletableFuture<T> future = CompletableFuture.supplyAsync(() -> {
      Context before = context.attach();
      try {
        return work.get();
      } finally {
        context.detach(before);
      }
    }, options.executor);
    future.whenComplete((value, error) -> context.cancel(null));
    return future;
  }

  /** Does body with a new call for each attempt, until it returns or the error may not be repeated. */
  <Q, R, T> T repeat(
      MethodDescriptor<Q, R> method, Attempts attempts, BooleanSupplier again, Function<Wire<Q, R>, T> body) {
    while (true) {
      try (Wire<Q, R> wire = open(method, attempts.left())) {
        return body.apply(wire);
      } catch (StatusRuntimeException e) {
        attempts.failed(e, again.getAsBoolean(), Context.ROOT);
      }
    }
  }

  /** Begins a call; ZERO = no deadline. */
  <Q, R> Wire<Q, R> open(MethodDescriptor<Q, R> method, Duration timeout) {
    Metadata headers = new Metadata();
    if (options.token != null) {
      headers.put(AUTHORIZATION, "Bearer " + Objects.requireNonNull(options.token.get(), "the source of tokens gave null"));
    }
    CallOptions with = timeout.isZero()
        ? CallOptions.DEFAULT : CallOptions.DEFAULT.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
    return new Wire<>(channel, method, with, headers);
  }

  /**
   * Waits before another attempt, not beyond the end of the context over, then lets the channel connect at once rather
   * than when its own back-off is over.
   */
  void rest(Duration wait, Context over) {
    pause(wait, new CountDownLatch(1), over);
    channel.resetConnectBackoff();
    if (channel.getState(true) == ConnectivityState.TRANSIENT_FAILURE) {
      CountDownLatch changed = new CountDownLatch(1);
      channel.notifyWhenStateChanged(ConnectivityState.TRANSIENT_FAILURE, changed::countDown);
      pause(CONNECTING, changed, over);
    }
  }

  private void pause(Duration wait, CountDownLatch woken, Context over) {
    Context.CancellationListener wake = context -> woken.countDown();
    List<Context> contexts = List.of(Context.current(), life, over);
    contexts.forEach(context -> context.addListener(wake, Runnable::run));
    try {
      woken.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      contexts.forEach(context -> context.removeListener(wake));
    }
    throwIfCancelled();
  }

  /** Throws what tells of the caller's own cancellation, where there is one. */
  void throwIfCancelled() {
    if (Thread.currentThread().isInterrupted() || Context.current().isCancelled() || channel.isShutdown()) {
      throw new CancellationException("cancelled by the caller");
    }
  }

  /** What tells of a local file's error, which an interrupt may have been. */
  UncheckedIOException local(IOException error) {
    throwIfCancelled();
    return new UncheckedIOException(error);
  }

  boolean hasToken() {
    return options.token != null;
  }

  void observe(Event event) {
    options.observer.accept(event);
  }

  RelaisException error(Status status, String requestId, int attempts) {
    return new RelaisException(status.asRuntimeException(), options.target, requestId, attempts);
  }

  RelaisException error(StatusRuntimeException error, String requestId, int attempts) {
    return new RelaisException(error, options.target, requestId, attempts);
  }

  private static String idOf(Message message) {
    Object id = field(message, "request_id");
    return id == null ? "" : (String) id;
  }

  private static <Q extends Message> Q withId(Q message) {
    return "".equals(field(message, "request_id")) ? with(message, "request_id", UUID.randomUUID().toString()) : message;
  }

  /** The value of a field by its name; null where the message has no such field. */
  static Object field(Message message, String name) {
    FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
    return field == null ? null : message.getField(field);
  }

  /** A copy of a message with another value of one of its fields. */
  @SuppressWarnings("unchecked")
  static <Q extends Message> Q with(Q message, String field, Object value) {
    FieldDescriptor descriptor = message.getDescriptorForType().findFieldByName(field);
    return (Q) message.toBuilder().setField(descriptor, value).build();
  }
}
