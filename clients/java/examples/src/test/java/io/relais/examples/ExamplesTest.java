package io.relais.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Runs each example against a gateway with its sandbox; the README shows the very files. */
class ExamplesTest {
  private static final Path SOURCES = Path.of("src/main/java/io/relais/examples");
  private static final Path README = Path.of("../README.md");
  private static final Pattern LISTENING = Pattern.compile("gRPC on (\\S+),.*");

  private static Process gateway;
  private static String target;

  @BeforeAll
  static void startGateway() throws Exception {
    String relaisd = System.getenv().getOrDefault("RELAISD", "../../../build/release/bin/relaisd");
    gateway = new ProcessBuilder(relaisd, "dev", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0",
        "--sandbox-listen", "127.0.0.1:0", "--campaign-listen", "127.0.0.1:0")
        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader out = new BufferedReader(new InputStreamReader(gateway.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null && target == null; line = out.readLine()) {
      Matcher listening = LISTENING.matcher(line);
      target = listening.matches() ? listening.group(1) : null;
    }
    assertTrue(target != null, relaisd + " does not listen");
    Thread reader = new Thread(() -> out.lines().forEach(line -> { }));
    reader.setDaemon(true);
    reader.start();
  }

  @AfterAll
  static void stopGateway() throws Exception {
    if (gateway != null) {
      gateway.destroy();
      if (!gateway.waitFor(30, TimeUnit.SECONDS)) {
        gateway.destroyForcibly();
      }
    }
  }

  @Test
  void firstCall() throws Exception {
    List<String> lines = run(FirstCall.class);
    assertEquals(3, lines.size());
    assertTrue(lines.contains("67000 STRASBOURG"), lines.toString());
  }

  @Test
  void records() throws Exception {
    List<String> lines = run(Records.class);
    assertTrue(lines.contains("1000 rows, 0 resumes"), lines.toString());
    assertTrue(lines.get(lines.size() - 1).startsWith("300000 rows in all, "), lines.toString());
  }

  @Test
  void jobs() throws Exception {
    List<String> lines = run(Jobs.class);
    assertTrue(lines.get(0).startsWith("STATE_SUCCEEDED, "), lines.toString());
    assertTrue(lines.get(1).endsWith(" bytes"), lines.toString());
  }

  @Test
  void robots() throws Exception {
    List<String> lines = run(RobotsAtWork.class);
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("DocBot on ")), lines.toString());
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("DocBot is STATE_")), lines.toString());
    assertEquals("the job has ended STATE_SUCCESSFUL", lines.get(lines.size() - 1));
  }

  @Test
  void launch() throws Exception {
    List<String> lines = run(Launch.class);
    assertTrue(lines.size() > 1, lines.toString());
    assertEquals("launched", lines.get(lines.size() - 1));
  }

  @Test
  void export() throws Exception {
    List<String> lines = run(Export.class);
    assertTrue(lines.get(0).matches("STATE_SUCCEEDED: 3 rows, \\d+ bytes"), lines.toString());
  }

  @Test
  void errors() throws Exception {
    assertEquals(List.of("no such job at sandbox"), run(Errors.class));
  }

  @Test
  void readmeShowsTheExamples() throws Exception {
    String readme = Files.readString(README);
    for (Path source : Files.list(SOURCES).collect(Collectors.toList())) {
      assertTrue(readme.contains("```java\n" + Files.readString(source) + "```"),
          README + " does not show " + source + " as it is");
    }
  }

  private static List<String> run(Class<?> example) throws Exception {
    Method main = example.getMethod("main", String[].class);
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      main.invoke(null, (Object) new String[] {target});
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().collect(Collectors.toList());
  }
}
