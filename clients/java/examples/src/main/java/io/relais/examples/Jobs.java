package io.relais.examples;

import io.relais.client.Relais;
import io.relais.client.Saved;
import io.relais.client.Source;
import io.relais.jobqueue.v1.Job;
import io.relais.jobqueue.v1.JobDefinition;
import io.relais.jobqueue.v1.JobFile;
import io.relais.jobqueue.v1.TextImport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Submits an import with its files, waits for it and fetches what it has written. */
public final class Jobs {
  public static void main(String[] arguments) throws IOException {
    JobDefinition definition = JobDefinition.newBuilder()
        .setDisplayName("Steels")
        .setTextImport(TextImport.newBuilder()
            .setTemplate(JobFile.newBuilder().setPath("template.xml"))
            .addData(JobFile.newBuilder().setPath("steels.csv")))
        .build();
    Map<String, Source> files = Map.of(
        "template.xml", Source.bytes("<Template/>".getBytes(StandardCharsets.UTF_8)),
        "steels.csv", Source.bytes("Steel A\nSteel B\n".getBytes(StandardCharsets.UTF_8)));  // or Source.path(…)
    try (Relais relais = Relais.builder(arguments[0]).build()) {
      Job job = relais.jobqueue().submit("queues/sandbox", definition, files);
      job = relais.jobqueue().await(job.getName(), Duration.ofMinutes(2));
      System.out.println(job.getState() + ", " + job.getImportSummary().getCreatedRecordCount() + " records created");
      Path folder = Files.createTempDirectory("steels");
      for (Saved saved : relais.jobqueue().downloadAll(job.getName(), folder)) {
        System.out.println(saved.path().getFileName() + ", " + saved.bytes() + " bytes");
      }
    }
  }
}
