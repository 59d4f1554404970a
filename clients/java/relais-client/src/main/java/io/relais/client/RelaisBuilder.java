package io.relais.client;

import io.grpc.ChannelCredentials;
import io.grpc.ChoiceChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What a connection is made with. TLS with the system's roots, unless told otherwise; plain text to loopback addresses
 * and {@code unix:} targets.
 */
public final class RelaisBuilder {
  private static final Pattern THIS_MACHINE =
      Pattern.compile("unix:.*|(dns:(///)?)?(localhost|127(\\.\\d{1,3}){3}|\\[?::1]?)(:\\d+)?");

  final String target;
  private ChannelCredentials tls;
  private boolean insecure;
  Supplier<String> token;
  Duration timeout = Duration.ofSeconds(60);
  Retry retry = new Retry();
  Consumer<Event> observer = event -> { };
  Executor executor = defaultExecutor();

  RelaisBuilder(String target) {
    this.target = target;
  }

  /** Credentials of the channel, e.g. {@code TlsChannelCredentials} with a root or a client certificate of one's own. */
  public RelaisBuilder tls(ChannelCredentials credentials) {
    tls = credentials;
    return this;
  }

  /** Plain text to another machine. A token is never sent so. */
  public RelaisBuilder insecure() {
    insecure = true;
    return this;
  }

  /** Where tokens come from, sent as {@code Bearer}: asked for each attempt. Default none. */
  public RelaisBuilder token(Supplier<String> source) {
    token = source;
    return this;
  }

  /** Deadline of a unary call with all its attempts. Default 60 s. */
  public RelaisBuilder timeout(Duration limit) {
    timeout = limit;
    return this;
  }

  /** How often and when attempts are made. */
  public RelaisBuilder retry(Retry rules) {
    retry = rules;
    return this;
  }

  /** Told of every repeat and reconnect, on the thread that makes it. Default nobody. */
  public RelaisBuilder observer(Consumer<Event> listener) {
    observer = listener;
    return this;
  }

  /** What asynchronous calls run on. Default virtual threads, and threads of a pool where there are none. */
  public RelaisBuilder executor(Executor threads) {
    executor = threads;
    return this;
  }

  /**
   * Makes the connection, without any input or output.
   *
   * @throws IllegalStateException where a token would go to another machine in plain text
   */
  public Relais build() {
    boolean here = THIS_MACHINE.matcher(target).matches();
    ChannelCredentials credentials = tls != null ? tls
        : here || insecure ? InsecureChannelCredentials.create() : TlsChannelCredentials.create();
    if (token != null && !here && maybePlain(credentials)) {
      throw new IllegalStateException("a token is not sent in plain text to another machine: " + target);
    }
    return new Relais(this, credentials);
  }

  /** Whether gRPC may take plain text with these. */
  private static boolean maybePlain(ChannelCredentials credentials) {
    ChannelCredentials bare = credentials.withoutBearerTokens();
    return bare instanceof InsecureChannelCredentials || bare instanceof ChoiceChannelCredentials
        && ((ChoiceChannelCredentials) bare).getCredentialsList().stream().anyMatch(RelaisBuilder::maybePlain);
  }

  private static Executor defaultExecutor() {
    try {
      return (Executor) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      return Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "relais");
        thread.setDaemon(true);
        return thread;
      });
    }
  }
}
