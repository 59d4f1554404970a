package io.relais.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import io.grpc.Context;
import io.grpc.Status;
import io.relais.client.Change;
import io.relais.client.Event;
import io.relais.client.Relais;
import io.relais.client.RelaisException;
import io.relais.client.Source;
import io.relais.client.Watch;
import io.relais.jobqueue.v1.GetQueueRequest;
import io.relais.jobqueue.v1.Job;
import io.relais.jobqueue.v1.JobDefinition;
import io.relais.jobqueue.v1.JobFile;
import io.relais.jobqueue.v1.JobQueueServiceGrpc;
import io.relais.jobqueue.v1.Queue;
import io.relais.jobqueue.v1.TextImport;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What only Java has: futures, contexts, closing by another thread. */
@Timeout(240)
class ClientTest {
  private static final GetQueueRequest QUEUE = GetQueueRequest.newBuilder().setName("queues/sandbox").build();
  private static Gateway gateway;

  private final List<Event> events = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void startGateway() throws Exception {
    gateway = new Gateway();
  }

  @AfterAll
  static void stopGateway() {
    gateway.close();
  }

  @Test
  void pingAnswers() {
    try (Relais relais = connect()) {
      relais.ping();
    }
  }

  @Test
  void callsRunElsewhere() throws Exception {
    try (Relais relais = connect()) {
      Queue queue = relais.callAsync(JobQueueServiceGrpc.getGetQueueMethod(), QUEUE).get(120, TimeUnit.SECONDS);
      assertEquals(Queue.Readiness.READINESS_READY, queue.getReadiness());
    }
  }

  @Test
  void aFutureThatIsCancelledEndsItsCall() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    try (Relais relais = Relais.builder(gateway.target()).executor(work -> new Thread(() -> {
      work.run();
      ended.countDown();
    }).start()).build()) {
      CompletableFuture<Job> job = relais.jobqueue().awaitAsync(running(relais), Duration.ZERO);
      assertTrue(job.cancel(true));
      assertTrue(ended.await(120, TimeUnit.SECONDS));
    }
  }

  @Test
  void aContextThatIsCancelledEndsItsCalls() {
    try (Relais relais = connect()) {
      Context.CancellableContext context = Context.current().withCancellation();
      context.cancel(null);
      context.run(() -> assertThrows(
          CancellationException.class, () -> relais.call(JobQueueServiceGrpc.getGetQueueMethod(), QUEUE)));
      assertEquals(List.of(), events);
    }
  }

  @Test
  void aWatchIsClosedByAnotherThread() {
    try (Relais relais = connect()) {
      Watch<Job> watch = relais.jobqueue().watch("queues/sandbox");
      Iterator<Change<Job>> changes = watch.iterator();
      changes.next();
      new Thread(watch::close).start();
      assertThrows(CancellationException.class, () -> changes.forEachRemaining(change -> { }));
      assertEquals(List.of(), events);
    }
  }

  @Test
  void aConnectionThatIsClosedEndsItsStreams() {
    Relais relais = connect();
    Iterator<Change<Job>> changes = relais.jobqueue().watch("queues/sandbox").iterator();
    changes.next();
    new Thread(relais::close).start();
    assertThrows(CancellationException.class, () -> changes.forEachRemaining(change -> { }));
    assertEquals(List.of(), events);
  }

  @Test
  void aTimeoutOfOneCall() {
    try (Relais relais = connect()) {
      RelaisException e = assertThrows(RelaisException.class,
          () -> relais.call(JobQueueServiceGrpc.getGetQueueMethod(), QUEUE, Duration.ofNanos(1)));
      assertEquals(Status.Code.DEADLINE_EXCEEDED, e.code());
      assertEquals(1, e.attempts());
    }
  }

  private Relais connect() {
    return Relais.builder(gateway.target()).observer(events::add).build();
  }

  /** A name whose job is waited for until the future is cancelled: it is scheduled for a day that never comes. */
  private static String running(Relais relais) {
    JobDefinition definition = JobDefinition.newBuilder()
        .setDisplayName("never")
        .setScheduleTime(Timestamp.newBuilder().setSeconds(4_070_908_800L))
        .setTextImport(TextImport.newBuilder()
            .setTemplate(JobFile.newBuilder().setPath("t.xml"))
            .addData(JobFile.newBuilder().setPath("d.csv")))
        .build();
    return relais.jobqueue().submit("queues/sandbox", definition, Map.of(
        "t.xml", Source.bytes(new byte[] {'<', 'T', '/', '>'}),
        "d.csv", Source.bytes(new byte[] {'a'}))).getName();
  }
}
