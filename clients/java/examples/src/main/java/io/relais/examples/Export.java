package io.relais.examples;

import io.relais.client.Relais;
import io.relais.client.Saved;
import io.relais.exports.v1.CreateExportRequest;
import io.relais.exports.v1.Daily;
import io.relais.exports.v1.Delivery;
import io.relais.exports.v1.ExportRun;
import io.relais.exports.v1.ExportServiceGrpc;
import io.relais.exports.v1.Schedule;
import io.relais.exports.v1.Source;
import io.relais.recordsql.v1.Query;
import io.relais.recordsql.v1.StreamRecordsRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;

/** Makes an export, runs it now and fetches its file. */
public final class Export {
  public static void main(String[] arguments) throws IOException {
    CreateExportRequest create = CreateExportRequest.newBuilder()
        .setExportId("postcodes")
        .setExport(io.relais.exports.v1.Export.newBuilder()
            .setSource(Source.newBuilder().setRecords(StreamRecordsRequest.newBuilder().setQuery(Query.newBuilder()
                .setRecordSql("erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL"))))
            .setSchedule(Schedule.newBuilder().setDaily(Daily.getDefaultInstance()).setTimeZone("Europe/Paris"))
            .addDeliveries(Delivery.newBuilder().setDestination("outbox")))
        .build();
    try (Relais relais = Relais.builder(arguments[0]).build()) {
      String export = relais.call(ExportServiceGrpc.getCreateExportMethod(), create).getName();
      ExportRun run = relais.exports().await(relais.exports().run(export).getName(), Duration.ofMinutes(2));
      Saved saved = relais.exports().download(run.getName(), Files.createTempFile("postcodes", ".csv"));
      System.out.println(run.getState() + ": " + run.getRows() + " rows, " + saved.bytes() + " bytes");
    }
  }
}
