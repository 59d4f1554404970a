package io.relais.client;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.InsecureChannelCredentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelaisBuilderTest {
  @ParameterizedTest
  @ValueSource(strings = {
    "127.0.0.1.example.com:443", "localhost.example.com:443", "192.0.2.1:50051", "dns:///example.com:443",
    "dns://127.0.0.1/example.com:443", "[2001:db8::1]:443", "127.0.0.1@example.com:443"
  })
  void noTokenGoesToAnotherMachineInPlainText(String target) {
    assertThrows(IllegalStateException.class, () -> Relais.builder(target).token(() -> "t").insecure().build());
    assertThrows(IllegalStateException.class,
        () -> Relais.builder(target).token(() -> "t").tls(InsecureChannelCredentials.create()).build());
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
  void nothingListensAndPingSaysWhere() {
    try (Relais relais = Relais.builder("unix:/nowhere/relais.sock").retry(new Retry().attempts(1)).build()) {
      RelaisException e = assertThrows(RelaisException.class, relais::ping);
      org.junit.jupiter.api.Assertions.assertTrue(e.getMessage().contains("unix:/nowhere/relais.sock"), e.getMessage());
    }
  }
}
