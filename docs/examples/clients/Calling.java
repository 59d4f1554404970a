import io.relais.client.*;
import io.relais.error.v1.Reason;
import io.relais.jobqueue.v1.*;
import io.relais.recordsql.v1.Query;
import io.relais.recordsql.v1.StreamRecordsRequest;

public final class Calling {
  public static void main(String[] arguments) {
    try (Relais relais = Relais.builder("localhost:50051").build()) {
      GetJobRequest ask = GetJobRequest.newBuilder().setName("queues/sandbox/jobs/42").build();
      try {
        Job job = relais.call(JobQueueServiceGrpc.getGetJobMethod(), ask);
        System.out.println(job.getDisplayName() + " succeeded: " + job.getSucceeded());
      } catch (RelaisException e) {
        if (e.reason() != Reason.RESOURCE_NOT_FOUND) throw e;
        System.out.println("no such job");
      }
      Query.Builder query = Query.newBuilder().addFields("CPOSTAL").addFields("VIL")
          .setRecordSql("erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CodePostal");
      try (Rows rows = relais.recordsql().rows(StreamRecordsRequest.newBuilder().setQuery(query).build())) {
        for (Row row : rows) System.out.println(row.getString("CPOSTAL") + " " + row.getString("VIL"));
      }
    }
  }
}
