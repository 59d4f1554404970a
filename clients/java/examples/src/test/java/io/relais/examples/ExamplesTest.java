package io.relais.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Runs each example against a gateway with its sandbox; the README shows the very files. */
class ExamplesTest {
  private static final Path SOURCES = Path.of("src/main/java/io/relais/examples");
  private static final Path README = Path.of("../README.md");

  private static Gateway gateway;

  @BeforeAll
  static void startGateway() throws Exception {
    gateway = new Gateway();
  }

  @AfterAll
  static void stopGateway() {
    gateway.close();
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
      main.invoke(null, (Object) new String[] {gateway.target()});
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().collect(Collectors.toList());
  }
}
