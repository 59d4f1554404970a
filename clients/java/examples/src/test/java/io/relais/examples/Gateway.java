package io.relais.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway with its sandbox, on ports of its own: build/release/bin/relaisd, or what RELAISD names. */
final class Gateway implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("gRPC on (\\S+),.*");

  private final Process process;
  private String target;

  /** With further arguments of `relaisd dev`. */
  Gateway(String... more) throws IOException {
    String relaisd = System.getenv().getOrDefault("RELAISD", "../../../build/release/bin/relaisd");
    List<String> command = new ArrayList<>(List.of(relaisd, "dev", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0",
        "--sandbox-listen", "127.0.0.1:0", "--campaign-listen", "127.0.0.1:0"));
    command.addAll(List.of(more));
    process = new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null && target == null; line = out.readLine()) {
      Matcher listening = LISTENING.matcher(line);
      target = listening.matches() ? listening.group(1) : null;
    }
    if (target == null) {
      close();
      throw new IOException(relaisd + " does not listen");
    }
    Thread reader = new Thread(() -> out.lines().forEach(line -> { }));
    reader.setDaemon(true);
    reader.start();
  }

  String target() {
    return target;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (process.waitFor(30, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
