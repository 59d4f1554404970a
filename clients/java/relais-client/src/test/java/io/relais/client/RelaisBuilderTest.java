package io.relais.client;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallCredentials;
import io.grpc.ChoiceChannelCredentials;
import io.grpc.CompositeChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelaisBuilderTest {
  @ParameterizedTest
  @ValueSource(strings = {
    "127.0.0.1.example.com:443", "localhost.example.com:443", "192.0.2.1:50051", "dns:///example.com:443",
    "dns://127.0.0.1/example.com:443", "dns://192.0.2.53/localhost:443", "[2001:db8::1]:443", "127.0.0.1@example.com:443"
  })
  void noTokenGoesToAnotherMachineInPlainText(String target) {
    assertThrows(IllegalStateException.class, () -> Relais.builder(target).token(() -> "t").insecure().build());
    assertThrows(IllegalStateException.class,
        () -> Relais.builder(target).token(() -> "t").tls(InsecureChannelCredentials.create()).build());
    assertThrows(IllegalStateException.class, () -> Relais.builder(target).token(() -> "t").tls(ChoiceChannelCredentials.create(
        TlsChannelCredentials.create(),
        CompositeChannelCredentials.create(InsecureChannelCredentials.create(), new NoCredentials()))).build());
    Relais.builder(target).token(() -> "t").build().close();
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "127.0.0.1:50051", "localhost:50051", "[::1]:50051", "dns:///localhost:50051", "unix:/run/relais.sock", "127.9.9.9:1"
  })
  void thisMachineIsSpokenToInPlainText(String target) {
    Relais.builder(target).token(() -> "t").insecure().build().close();
  }

  @Test
  void aTokenThatIsMissingIsNotSent() {
    try (Relais relais = Relais.builder("127.0.0.1:1").token(() -> null).build()) {
      assertThrows(NullPointerException.class, relais::ping);
    }
  }

  @Test
  void nothingListensAndPingSaysWhere() {
    try (Relais relais = Relais.builder("unix:/nowhere/relais.sock").retry(new Retry().attempts(1)).build()) {
      RelaisException e = assertThrows(RelaisException.class, relais::ping);
      assertTrue(e.getMessage().contains("unix:/nowhere/relais.sock"), e.getMessage());
    }
  }

  /** Credentials of calls that add nothing. */
  private static final class NoCredentials extends CallCredentials {
    @Override
    public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
      applier.apply(new Metadata());
    }
  }
}
