package io.relais.client;

/** How a log is followed. */
public final class TailOptions {
  String untilJob = "";

  /** End with this job, {@code …/jobs/{job}}, once its rows have been told. Default: without end. */
  public TailOptions untilJob(String name) {
    untilJob = name;
    return this;
  }
}
