package io.relais.examples;

import io.relais.client.Relais;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The tests whose parts docs/from-vendor-scripts.md shows: each class has a gateway of its own, since it changes what is there. */
abstract class VendorScripts {
  static Relais relais;
  private static Gateway gateway;

  @BeforeAll
  static void connect() throws Exception {
    gateway = new Gateway("--set", "recordsql.erps.sandbox.permissions.debug=true");
    relais = Relais.builder(gateway.target()).build();
  }

  @AfterAll
  static void disconnect() {
    relais.close();
    gateway.close();
  }
}
