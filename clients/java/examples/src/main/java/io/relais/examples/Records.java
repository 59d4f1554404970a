package io.relais.examples;

import io.relais.client.Relais;
import io.relais.client.Row;
import io.relais.client.RowOptions;
import io.relais.client.Rows;
import io.relais.recordsql.v1.Query;
import io.relais.recordsql.v1.StreamRecordsRequest;
import io.relais.recordsql.v1.StreamRecordsResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads many rows, stops on the way, and goes on where it stopped. */
public final class Records {
  public static void main(String[] arguments) throws IOException {
    StreamRecordsRequest request = StreamRecordsRequest.newBuilder()
        .setQuery(Query.newBuilder().setRecordSql("erps/sandbox/dictionaries/gtrsmou.dhoq/recordSqls/MOUVEMENT"))
        .setKeysetField("MOUV.MOUV_ID")
        .setPageSize(1000)
        .build();
    Path checkpoint = Files.createTempFile("movements", ".checkpoint");
    try (Relais relais = Relais.builder(arguments[0]).build()) {
      long seen = 0;
      try (Rows rows = relais.recordsql().rows(request, new RowOptions().progress(
          progress -> System.out.println(progress.rows() + " rows, " + progress.resumes() + " resumes")))) {
        for (StreamRecordsResponse batch : rows.batches()) {
          seen += batch.getRowsCount();
          Files.write(checkpoint, rows.checkpoint().toByteArray());
          if (seen > 2000) {
            break;
          }
        }
      }
      StreamRecordsRequest rest = StreamRecordsRequest.parseFrom(Files.readAllBytes(checkpoint));
      try (Rows rows = relais.recordsql().rows(rest)) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Row row : rows) {
          seen++;
          sum = sum.add(row.getBigDecimal("QTE"));
        }
        System.out.println(seen + " rows in all, the quantity of the last ones is " + sum);
      }
    } finally {
      Files.delete(checkpoint);
    }
  }
}
