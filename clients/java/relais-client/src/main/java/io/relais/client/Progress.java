package io.relais.client;

import java.time.Duration;

/** How far rows have been read. */
public final class Progress {
  private final long rows;
  private final long bytes;
  private final int resumes;
  private final Duration elapsed;

  Progress(long rows, long bytes, int resumes, Duration elapsed) {
    this.rows = rows;
    this.bytes = bytes;
    this.resumes = resumes;
    this.elapsed = elapsed;
  }

  /** Rows that have come, with those of the last batch. */
  public long rows() {
    return rows;
  }

  /** Bytes of the messages that have come. */
  public long bytes() {
    return bytes;
  }

  /** How often the stream was connected again. */
  public int resumes() {
    return resumes;
  }

  /** Time since the rows were asked for. */
  public Duration elapsed() {
    return elapsed;
  }
}
