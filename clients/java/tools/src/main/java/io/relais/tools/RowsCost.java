package io.relais.tools;

import io.relais.client.Relais;
import io.relais.client.Row;
import io.relais.client.Rows;
import io.relais.recordsql.v1.Query;
import io.relais.recordsql.v1.RecordSqlServiceGrpc;
import io.relais.recordsql.v1.StreamRecordsRequest;
import io.relais.recordsql.v1.StreamRecordsResponse;
import io.relais.recordsql.v1.Value;
import java.util.Arrays;
import java.util.Iterator;
import java.util.function.LongSupplier;

/** Rows a second through the layer and through the stub alone, in turns: {@code RowsCost TARGET [ROUNDS]}. */
public final class RowsCost {
  private static final StreamRecordsRequest REQUEST = StreamRecordsRequest.newBuilder()
      .setQuery(Query.newBuilder().setRecordSql("erps/sandbox/dictionaries/gtrsmou.dhoq/recordSqls/MOUVEMENT"))
      .setKeysetField("MOUV.MOUV_ID")
      .build();

  private RowsCost() { }

  /** Prints the medians of all rounds but the first. */
  public static void main(String[] arguments) {
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7;
    double[] raw = new double[rounds - 1];
    double[] layer = new double[rounds - 1];
    try (Relais relais = Relais.builder(arguments[0]).build()) {
      for (int round = 0; round < rounds; round++) {
        double stub = rate(() -> stub(relais));
        double rows = rate(() -> layer(relais));
        if (round > 0) {
          raw[round - 1] = stub;
          layer[round - 1] = rows;
        }
      }
    }
    Arrays.sort(raw);
    Arrays.sort(layer);
    double stub = raw[raw.length / 2];
    double rows = layer[layer.length / 2];
    System.out.printf("stub %.0f rows/s, rows %.0f rows/s, ratio %.2f%n", stub, rows, rows / stub);
  }

  /** The first value of every row is looked at, in both. */
  private static long stub(Relais relais) {
    long count = 0;
    Iterator<StreamRecordsResponse> batches =
        RecordSqlServiceGrpc.newBlockingStub(relais.channel()).streamRecords(REQUEST);
    while (batches.hasNext()) {
      for (io.relais.recordsql.v1.Row row : batches.next().getRowsList()) {
        count += row.getValues(0).getKindCase() == Value.KindCase.NULL_VALUE ? 0 : 1;
      }
    }
    return count;
  }

  private static long layer(Relais relais) {
    long count = 0;
    try (Rows rows = relais.recordsql().rows(REQUEST)) {
      for (Row row : rows) {
        count += row.get(0) == null ? 0 : 1;
      }
    }
    return count;
  }

  private static double rate(LongSupplier work) {
    long begin = System.nanoTime();
    return work.getAsLong() * 1e9 / (System.nanoTime() - begin);
  }
}
