package io.relais.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.relais.jobqueue.v1.DownloadOutputFileRequest;
import io.relais.jobqueue.v1.DownloadOutputFileResponse;
import io.relais.jobqueue.v1.GetQueueRequest;
import io.relais.jobqueue.v1.Job;
import io.relais.jobqueue.v1.JobDefinition;
import io.relais.jobqueue.v1.JobQueueServiceGrpc;
import io.relais.jobqueue.v1.Queue;
import io.relais.jobqueue.v1.SubmitJobRequest;
import io.relais.jobqueue.v1.WatchJobsRequest;
import io.relais.jobqueue.v1.WatchJobsResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Callers who no longer want to wait, whatever the client waits for, get their CancellationException at once. */
@Timeout(CancelTest.WAIT / 2)
class CancelTest {
  /** What the server tells callers to wait, in seconds. */
  static final int WAIT = 240;

  private static Server server;

  private final Thread caller = Thread.currentThread();
  private final Context.CancellableContext context = Context.current().withCancellation();
  private volatile Runnable inBackOff = () -> { };
  private Relais relais;

  @BeforeAll
  static void startServer() throws IOException {
    server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create()).addService(new Overloaded()).build().start();
  }

  @AfterAll
  static void stopServer() {
    server.shutdownNow();
  }

  @BeforeEach
  void connect() {
    relais = Relais.builder("127.0.0.1:" + server.getPort())
        .observer(event -> new Thread(inBackOff).start()).timeout(Duration.ZERO).build();
  }

  @AfterEach
  void disconnect() {
    relais.close();
  }

  @Test
  void byClosingTheStreamInItsBackOff() {
    Watch<Job> watch = relais.jobqueue().watch("queues/q");
    inBackOff = watch::close;
    assertThrows(CancellationException.class, watch.iterator()::next);
  }

  @Test
  void byClosingTheConnectionInTheBackOffOfAStream() {
    inBackOff = relais::close;
    assertThrows(CancellationException.class, relais.jobqueue().watch("queues/q").iterator()::next);
  }

  @Test
  void byClosingTheConnectionInTheBackOffOfACall() {
    inBackOff = relais::close;
    assertThrows(CancellationException.class, this::call);
  }

  @Test
  void byInterruptInTheBackOff() {
    inBackOff = caller::interrupt;
    assertThrows(CancellationException.class, this::call);
    assertTrue(Thread.interrupted(), "an interrupt stays");
  }

  @Test
  void byTheirContextInTheBackOff() {
    inBackOff = () -> context.cancel(null);
    context.run(() -> assertThrows(CancellationException.class, this::call));
  }

  @Test
  void byInterruptWhileAFileIsRead(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("a"), new byte[] {1});
    InputStream content = new FilterInputStream(Channels.newInputStream(FileChannel.open(file))) {
      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        caller.interrupt();
        return in.read(bytes, offset, length);
      }
    };
    assertThrows(CancellationException.class, () -> relais.jobqueue().submit(
        "queues/q", JobDefinition.getDefaultInstance(), Map.of("a", Source.stream(content))));
    assertTrue(Thread.interrupted(), "an interrupt stays");
  }

  @Test
  void byInterruptWhileAFileIsWritten(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("a"));
    try (OutputStream content = Channels.newOutputStream(FileChannel.open(file, StandardOpenOption.WRITE))) {
      assertThrows(CancellationException.class, () -> relais.jobqueue().downloadTo("queues/q/jobs/j/outputFiles/f",
          new OutputStream() {
            @Override
            public void write(int one) throws IOException {
              caller.interrupt();
              content.write(one);
            }
          }));
    }
    assertTrue(Thread.interrupted(), "an interrupt stays");
    assertEquals(0, Files.size(file));
  }

  private Queue call() {
    return relais.call(JobQueueServiceGrpc.getGetQueueMethod(), GetQueueRequest.getDefaultInstance());
  }

  /** Has no time now, takes every file and sends a byte. */
  private static final class Overloaded extends JobQueueServiceGrpc.JobQueueServiceImplBase {
    @Override
    public void getQueue(GetQueueRequest request, StreamObserver<Queue> answer) {
      answer.onError(later());
    }

    @Override
    public void watchJobs(WatchJobsRequest request, StreamObserver<WatchJobsResponse> answer) {
      answer.onError(later());
    }

    @Override
    public StreamObserver<SubmitJobRequest> submitJob(StreamObserver<Job> answer) {
      return new StreamObserver<>() {
        @Override
        public void onNext(SubmitJobRequest part) { }

        @Override
        public void onError(Throwable error) { }

        @Override
        public void onCompleted() {
          answer.onNext(Job.getDefaultInstance());
          answer.onCompleted();
        }
      };
    }

    @Override
    public void downloadOutputFile(DownloadOutputFileRequest request, StreamObserver<DownloadOutputFileResponse> answer) {
      answer.onNext(DownloadOutputFileResponse.newBuilder().setChunk(ByteString.copyFrom(new byte[] {1})).build());
    }

    private static RuntimeException later() {
      RetryInfo.Builder retry = RetryInfo.newBuilder();
      retry.getRetryDelayBuilder().setSeconds(WAIT);
      return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder().setCode(Code.UNAVAILABLE_VALUE)
          .setMessage("later").addDetails(Any.pack(retry.build())).build());
    }
  }
}
