package io.relais.examples;

import io.relais.client.Relais;
import io.relais.client.RelaisException;
import io.relais.error.v1.Reason;
import io.relais.jobqueue.v1.GetJobRequest;
import io.relais.jobqueue.v1.JobQueueServiceGrpc;

/** Tells errors apart. */
public final class Errors {
  public static void main(String[] arguments) {
    GetJobRequest request = GetJobRequest.newBuilder()
        .setName("queues/sandbox/jobs/00000000-0000-0000-0000-000000000000").build();
    try (Relais relais = Relais.builder(arguments[0]).observer(System.err::println).build()) {
      relais.call(JobQueueServiceGrpc.getGetJobMethod(), request);
    } catch (RelaisException e) {
      if (e.reason() == Reason.RESOURCE_NOT_FOUND) {
        System.out.println("no such job at " + e.metadata().get("connection"));
      } else {
        throw e;
      }
    }
  }
}
