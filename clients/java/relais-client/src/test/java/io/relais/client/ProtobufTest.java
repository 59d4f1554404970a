package io.relais.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import io.relais.jobqueue.v1.Job;
import org.junit.jupiter.api.Test;

class ProtobufTest {
  /** Tests run on both ends of what is supported; each run says with which one. */
  @Test
  void theVersionThatIsToBeTriedIsTheOneThatRuns() throws Exception {
    String from = Message.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    String expected = System.getProperty("expected.protobuf");
    assertTrue(from.endsWith("/protobuf-java-" + expected + ".jar"), from + " is not " + expected);
    Job job = Job.newBuilder().setName("queues/q/jobs/1").build();
    assertTrue(Job.parseFrom(job.toByteArray()).equals(job));
  }
}
