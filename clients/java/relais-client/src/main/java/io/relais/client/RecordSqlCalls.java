package io.relais.client;

import io.relais.recordsql.v1.RecordSqlServiceGrpc;
import io.relais.recordsql.v1.StreamRecordsRequest;
import java.time.Duration;

/** What stands above RecordSqlService. */
public final class RecordSqlCalls {
  private final Relais client;

  RecordSqlCalls(Relais client) {
    this.client = client;
  }

  /** All rows of a query, each once, whatever breaks meanwhile; a request with a token goes on behind it. */
  public Rows rows(StreamRecordsRequest request) {
    return rows(request, new RowOptions());
  }

  /** As {@link #rows(StreamRecordsRequest)}. */
  public Rows rows(StreamRecordsRequest request, RowOptions options) {
    return new Rows(new Link<>(client, RecordSqlServiceGrpc.getStreamRecordsMethod(), request,
        client.retry.giveUp, Duration.ZERO, false), options);
  }
}
