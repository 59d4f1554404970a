package io.relais.tools;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.InvalidProtocolBufferException;
import io.relais.client.Relais;
import io.relais.client.Row;
import io.relais.client.RowOptions;
import io.relais.client.Rows;
import io.relais.recordsql.v1.StreamRecordsRequest;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;

/** The command {@code rows}. */
final class RowsOperation {
  private static final int VALUES = 20;

  private final Relais client;
  private final JsonObject command;
  private final JsonObject answer;
  private long taken;

  RowsOperation(Relais client, JsonObject command, JsonObject answer) {
    this.client = client;
    this.command = command;
    this.answer = answer;
  }

  void run() {
    long limit = number("limit", Long.MAX_VALUE);
    long rest = number("batch_ms", 0);
    long most = number("checkpoint_after", Long.MAX_VALUE);
    JsonArray values = new JsonArray();
    JsonArray getters = command.has("getters") ? command.getAsJsonArray("getters") : new JsonArray();
    JsonElement[] got = new JsonElement[getters.size()];
    MessageDigest digest = digest();
    try (Rows rows = client.recordsql().rows(request(), new RowOptions())) {
      try {
        StreamRecordsRequest before = rows.checkpoint();
        long ended = 0;
        for (Row row : rows) {
          List<String> cells = Cells.of(row);
          Cells.add(digest, cells);
          if (taken < VALUES) {
            values.add(Json.strings(cells));
          }
          for (int i = 0; i < got.length; i++) {
            if (getters.get(i).getAsJsonArray().get(0).getAsLong() == taken) {
              got[i] = get(row, getters.get(i).getAsJsonArray());
            }
          }
          taken++;
          if (rows.checkpoint() != before) {
            before = rows.checkpoint();
            ended++;
            rest(rest);
          }
          if (taken == limit || ended == most) {
            break;
          }
        }
        columns(rows);
      } finally {
        if (taken > 0) {
          columns(rows);
        }
        answer.addProperty("rows", taken);
        answer.addProperty("digest", hex(digest));
        answer.add("values", values);
        JsonArray all = new JsonArray();
        Arrays.asList(got).forEach(all::add);
        answer.add("got", all);
        answer.addProperty("resumes", rows.resumes());
        answer.addProperty("checkpoint", Base64.getEncoder().encodeToString(rows.checkpoint().toByteArray()));
      }
    }
  }

  private void columns(Rows rows) {
    answer.add("columns", Json.strings(
        rows.columns().stream().map(column -> column.getName()).collect(Collectors.toList())));
  }

  private StreamRecordsRequest request() {
    try {
      return command.has("checkpoint")
          ? StreamRecordsRequest.parseFrom(Base64.getDecoder().decode(command.get("checkpoint").getAsString()))
          : Json.parse(command.get("request"), StreamRecordsRequest.newBuilder()).build();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static JsonObject get(Row row, JsonArray getter) {
    JsonObject result = new JsonObject();
    try {
      Object value = value(row, getter.get(1), getter.get(2).getAsString().replace("?", ""));
      if (value == null) {
        result.addProperty("null", true);
      } else {
        result.addProperty("value", Cells.text(value));
      }
    } catch (IllegalStateException | IllegalArgumentException e) {
      result.addProperty("error", true);
      result.addProperty("message", e.getMessage());
    }
    return result;
  }

  private static Object value(Row row, JsonElement column, String type) {
    if (column.getAsJsonPrimitive().isNumber()) {
      int position = column.getAsInt();
      switch (type) {
        case "integer":
          return row.getLong(position);
        case "text":
          return row.getString(position);
        case "bool":
          return row.getBoolean(position);
        case "decimal":
          return row.getBigDecimal(position);
        case "date":
          return row.getLocalDate(position);
        case "datetime":
          return row.getLocalDateTime(position);
        default:
          return row.getLocalTime(position);
      }
    }
    String name = column.getAsString();
    switch (type) {
      case "integer":
        return row.getLong(name);
      case "text":
        return row.getString(name);
      case "bool":
        return row.getBoolean(name);
      case "decimal":
        return row.getBigDecimal(name);
      case "date":
        return row.getLocalDate(name);
      case "datetime":
        return row.getLocalDateTime(name);
      default:
        return row.getLocalTime(name);
    }
  }

  private static void rest(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  private long number(String member, long otherwise) {
    return command.has(member) ? command.get(member).getAsLong() : otherwise;
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(MessageDigest digest) {
    return String.format("%064x", new BigInteger(1, digest.digest()));
  }

  static String sha256(byte[] content) {
    MessageDigest digest = digest();
    digest.update(content);
    return hex(digest);
  }
}
