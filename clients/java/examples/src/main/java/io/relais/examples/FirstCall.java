package io.relais.examples;

import io.relais.client.Relais;
import io.relais.client.Row;
import io.relais.client.Rows;
import io.relais.recordsql.v1.Query;
import io.relais.recordsql.v1.StreamRecordsRequest;

public final class FirstCall {
  public static void main(String[] arguments) {
    String target = arguments.length > 0 ? arguments[0] : "127.0.0.1:50051";
    StreamRecordsRequest request = StreamRecordsRequest.newBuilder()
        .setQuery(Query.newBuilder().setRecordSql("erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL"))
        .setKeysetField("T057.T057_ID")
        .build();
    try (Relais relais = Relais.builder(target).build(); Rows rows = relais.recordsql().rows(request)) {
      for (Row row : rows) {
        System.out.println(row.getString("CPOSTAL") + " " + row.getString("VIL"));
      }
    }
  }
}
