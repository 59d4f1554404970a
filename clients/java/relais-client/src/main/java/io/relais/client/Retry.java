package io.relais.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often and when attempts are made. What is repeated is fixed: UNAVAILABLE, errors with RetryInfo, and INTERNAL,
 * UNKNOWN or CANCELLED that no gateway has made.
 */
public final class Retry {
  private static final Duration FIRST = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  int attempts = 4;
  Duration giveUp = Duration.ofMinutes(5);
  Duration silence = Duration.ofSeconds(45);
  Duration progress = Duration.ofSeconds(60);

  /** Attempts of a call, an upload or a download, the first included: 1 or more. Default 4. */
  public Retry attempts(int most) {
    attempts = most;
    return this;
  }

  /** How long a stream tries on without a message. Default 5 min. */
  public Retry giveUp(Duration limit) {
    giveUp = limit;
    return this;
  }

  /** How long a watch or a tail may be silent until it is connected anew. Default 45 s. */
  public Retry silence(Duration limit) {
    silence = limit;
    return this;
  }

  /** How long an upload or a download may stand still until it is begun anew. Default 60 s. */
  public Retry progress(Duration limit) {
    progress = limit;
    return this;
  }

  /** The wait after attempt n, from 1: 200 ms, doubled each time up to 10 s, of which a half to all is taken. */
  static Duration wait(int attempt) {
    long longest = Math.min(FIRST.toNanos() << Math.min(attempt - 1, 10), LONGEST.toNanos());
    return Duration.ofNanos(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
  }
}
