package io.relais.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Status;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class RelaisExceptionTest {
  private static Status.Code codeOf(Status status) {
    return new RelaisException(status.asRuntimeException(), "localhost:50051", "", 1).code();
  }

  @Test
  void isUnavailableWhereTheConnectionBroke() {
    assertEquals(Status.Code.UNAVAILABLE,
        codeOf(Status.UNKNOWN.withDescription("channel closed").withCause(new ClosedChannelException())));
  }

  @Test
  void hasTheCodeThatWasAnsweredElsewhere() {
    assertEquals(Status.Code.UNKNOWN, codeOf(Status.UNKNOWN));
    assertEquals(Status.Code.UNKNOWN, codeOf(Status.UNKNOWN.withCause(new IllegalStateException())));
    assertEquals(Status.Code.INTERNAL, codeOf(Status.INTERNAL.withCause(new ClosedChannelException())));
  }
}
