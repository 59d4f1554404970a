package io.relais.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DownloadTest {
  private final Set<String> taken = new HashSet<>();

  @Test
  void namesNeverLeadOutOfTheFolder() {
    assertEquals("x", name("..\\..\\x"));
    assertEquals("x (2)", name("a/x"));
    assertEquals("passwd", name("/etc/passwd"));
    assertEquals("file", name(".."));
    assertEquals("file (2)", name("a/"));
    assertEquals("C_", name("C:"));
  }

  @Test
  void namesAreGoodForEveryFileSystem() {
    assertEquals("CON_", name("CON"));
    assertEquals("nul_.txt", name("nul.txt"));
    assertEquals("CONSOLE", name("CONSOLE"));
    assertEquals("a_b_c", name("a\nb?c"));
    assertEquals("end", name("end. ."));
  }

  @Test
  void namesThatDifferInCaseOnlyAreToldApartBeforeTheirEnding() {
    assertEquals("Report.csv", name("Report.csv"));
    assertEquals("report (2).csv", name("report.csv"));
    assertEquals("report (2) (2).csv", name("report (2).csv"));
  }

  private String name(String file) {
    return Download.safeName(file, taken);
  }
}
