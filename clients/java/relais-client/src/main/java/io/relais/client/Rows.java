package io.relais.client;

import io.grpc.Status;
import io.relais.recordsql.v1.Column;
import io.relais.recordsql.v1.StreamRecordsRequest;
import io.relais.recordsql.v1.StreamRecordsResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rows of a query, in order, or its batches, which are faster: one or the other. */
public final class Rows extends Feed<Row> {
  private final Link<StreamRecordsRequest, StreamRecordsResponse> link;
  private final RowOptions options;
  private final Map<String, Integer> positions = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final long begin = System.nanoTime();
  private List<Column> columns;
  private StreamRecordsResponse ahead;
  private StreamRecordsRequest checkpoint;
  private long rows;
  private long bytes;

  Rows(Link<StreamRecordsRequest, StreamRecordsResponse> link, RowOptions options) {
    super(link);
    this.link = link;
    this.options = options;
    checkpoint = link.request;
  }

  /** The columns; waits for the first batch. */
  public List<Column> columns() {
    if (columns == null) {
      ahead = read();
    }
    return columns == null ? List.of() : columns;
  }

  /** The batches as they come, each used up when the next one is taken. */
  public Iterable<StreamRecordsResponse> batches() {
    return () -> new Batches();
  }

  /**
   * The request that goes on behind the last batch that was handed out whole. Store it, as bytes, with what was done
   * with the rows, and pass it to {@code rows} later, in any process and language.
   */
  public StreamRecordsRequest checkpoint() {
    return checkpoint;
  }

  /** How often the stream was connected again. */
  public int resumes() {
    return link.reconnects;
  }

  @Override
  Iterator<Row> fetch() {
    StreamRecordsResponse batch = read();
    return batch == null ? null : new Iterator<Row>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < batch.getRowsCount();
      }

      @Override
      public Row next() {
        Row row = new Row(positions, batch.getRows(next++));
        if (!hasNext()) {
          used(batch);
        }
        return row;
      }
    };
  }

  private StreamRecordsResponse read() {
    if (ahead != null) {
      StreamRecordsResponse batch = ahead;
      ahead = null;
      return batch;
    }
    StreamRecordsResponse batch = link.next();
    if (batch == null) {
      return null;
    }
    if (columns == null) {
      columns = batch.getColumnsList();
      for (int i = 0; i < columns.size(); i++) {
        positions.putIfAbsent(columns.get(i).getName(), i);
      }
    } else if (batch.getColumnsCount() > 0 && !batch.getColumnsList().equals(columns)) {
      close();
      throw link.error(Status.FAILED_PRECONDITION.withDescription("the columns have changed: begin anew"));
    }
    link.token(batch.getResumeToken());
    rows += batch.getRowsCount();
    bytes += batch.getSerializedSize();
    options.progress.accept(
        new Progress(rows, bytes, link.reconnects, Duration.ofNanos(System.nanoTime() - begin)));
    return batch;
  }

  private void used(StreamRecordsResponse batch) {
    checkpoint = checkpoint.toBuilder().setResumeToken(batch.getResumeToken()).build();
  }

  private final class Batches extends Feed.Items<StreamRecordsResponse> {
    @Override
    Iterator<StreamRecordsResponse> fetch() {
      StreamRecordsResponse batch = read();
      return batch == null ? null : Collections.singleton(batch).iterator();
    }

    @Override
    public StreamRecordsResponse next() {
      StreamRecordsResponse batch = super.next();
      used(batch);
      return batch;
    }
  }
}
