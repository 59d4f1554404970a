package io.relais.tools;

import io.relais.client.Row;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;

/** Rows as text, as all runners write them. */
final class Cells {
  private Cells() { }

  /** The cells of a row; {@code ~} is no value. */
  static List<String> of(Row row) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      Object value = row.get(i);
      cells.add(value == null ? "~" : value.equals("~") ? "\\~" : text(value));
    }
    return cells;
  }

  /** Adds a row to a digest of rows. */
  static void add(MessageDigest digest, List<String> cells) {
    digest.update((String.join("\u001f", cells) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** A value as text, not null. */
  static String text(Object value) {
    if (value instanceof BigDecimal) {
      return ((BigDecimal) value).toPlainString();
    }
    if (value instanceof LocalDateTime) {
      LocalDateTime at = (LocalDateTime) value;
      return at.toLocalDate() + "T" + text(at.toLocalTime());
    }
    if (value instanceof LocalTime) {
      LocalTime time = (LocalTime) value;
      String seconds = String.format("%02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond());
      return seconds + (time.getNano() == 0 ? "" : String.format(".%09d", time.getNano()).replaceFirst("0+$", ""));
    }
    return value.toString();
  }
}
