package io.relais.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.LocalizedMessage;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.relais.error.v1.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A call that failed. Decide by {@link #reason()}; the message is for people. */
public final class RelaisException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final Metadata.Key<String> CALL_ID =
      Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);

  private final Status.Code code;
  private final String requestId;
  private final int attempts;
  private final String callId;
  private final ErrorInfo info;
  private final BadRequest badRequest;
  private final LocalizedMessage upstream;
  private final RetryInfo retry;
  private final boolean retryable;
  private transient Message last;

  RelaisException(StatusRuntimeException error, String target, String requestId, int attempts) {
    super(text(error, target), error);
    code = codeOf(error.getStatus());
    this.requestId = requestId;
    this.attempts = attempts;
    com.google.rpc.Status status = StatusProto.fromThrowable(error);
    info = detail(status, ErrorInfo.getDefaultInstance());
    badRequest = detail(status, BadRequest.getDefaultInstance());
    upstream = detail(status, LocalizedMessage.getDefaultInstance());
    retry = detail(status, RetryInfo.getDefaultInstance());
    retryable = status != null && status.getDetailsList().stream().anyMatch(any -> any.is(RetryInfo.class));
    String id = error.getTrailers() == null ? null : error.getTrailers().get(CALL_ID);
    callId = info.getMetadataOrDefault("callId", id == null ? "" : id);
  }

  RelaisException withLast(Message state) {
    last = state;
    return this;
  }

  /** gRPC's code. */
  public Status.Code code() {
    return code;
  }

  /** Why; {@code REASON_UNSPECIFIED} where no gateway has said so, or one that is newer than this client. */
  public Reason reason() {
    try {
      return info.getDomain().equals("relais") ? Reason.valueOf(info.getReason()) : Reason.REASON_UNSPECIFIED;
    } catch (IllegalArgumentException e) {
      return Reason.REASON_UNSPECIFIED;
    }
  }

  /** The reason as it was sent; empty where there was none. */
  public String rawReason() {
    return info.getReason();
  }

  /** What the upstream said, in its language; empty where it said nothing. */
  public String upstreamMessage() {
    return upstream.getMessage();
  }

  /** The fields of the request that are wrong, each with what is wrong. */
  public List<BadRequest.FieldViolation> violations() {
    return badRequest.getFieldViolationsList();
  }

  /** After how long the same call may succeed; empty where repeating it does not help. */
  public Optional<Duration> retryAfter() {
    return retryable
        ? Optional.of(Duration.ofSeconds(retry.getRetryDelay().getSeconds(), retry.getRetryDelay().getNanos()))
        : Optional.empty();
  }

  /** What else is known: service, connection, method, and what {@code docs/errors.md} lists. */
  public Map<String, String> metadata() {
    return info.getMetadataMap();
  }

  /** The gateway's id of the call, which its log has too; empty where no gateway has answered. */
  public String callId() {
    return callId;
  }

  /** The {@code request_id} that was sent; empty where the method has none. */
  public String requestId() {
    return requestId;
  }

  /** Attempts made, from 1. */
  public int attempts() {
    return attempts;
  }

  /** The state seen last, of what was waited for. */
  public Optional<Message> last() {
    return Optional.ofNullable(last);
  }

  /** The one rule of repeating. DATA_LOSS is never the gateway's: a download found it. */
  boolean repeatable() {
    boolean noGateway = info.getReason().isEmpty();
    return code == Status.Code.UNAVAILABLE || retryable || noGateway && (code == Status.Code.INTERNAL
        || code == Status.Code.UNKNOWN || code == Status.Code.CANCELLED || code == Status.Code.DATA_LOSS);
  }

  /** A connection that breaks while something is written is UNKNOWN to gRPC for Java, and UNAVAILABLE everywhere else. */
  private static Status.Code codeOf(Status status) {
    boolean broken = status.getCode() == Status.Code.UNKNOWN && status.getCause() instanceof IOException;
    return broken ? Status.Code.UNAVAILABLE : status.getCode();
  }

  private static String text(StatusRuntimeException error, String target) {
    Status status = error.getStatus();
    String text = status.getDescription() == null ? status.getCode().name() : status.getDescription();
    Throwable cause = status.getCause();
    return StatusProto.fromThrowable(error).getDetailsCount() > 0
        ? text : text.lines().findFirst().orElse("") + " (" + target + ")" + (cause == null ? "" : ": " + cause.getMessage());
  }

  @SuppressWarnings("unchecked")
  private static <T extends Message> T detail(com.google.rpc.Status status, T none) {
    for (Any any : status.getDetailsList()) {
      try {
        if (any.is(none.getClass())) {
          return (T) any.unpack(none.getClass());
        }
      } catch (InvalidProtocolBufferException e) {
        return none;
      }
    }
    return none;
  }
}
