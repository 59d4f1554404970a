package io.relais.tools;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.relais.client.Relais;
import io.relais.client.RelaisBuilder;
import io.relais.client.RelaisException;
import io.relais.client.Retry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Carries out the commands of the shared scenarios, as clients/scenarios/README.md describes. */
public final class ScenarioRunner {
  /** A client with what its observer saw since the command began. */
  private static final class Connection {
    final List<JsonObject> events = Collections.synchronizedList(new ArrayList<>());
    final Relais client;

    Connection(String target, JsonObject connect) {
      RelaisBuilder builder = Relais.builder(target).observer(event -> events.add(Json.of(event)));
      Retry retry = new Retry();
      if (connect.has("attempts")) {
        retry.attempts(connect.get("attempts").getAsInt());
      }
      if (connect.has("silence_ms")) {
        retry.silence(millis(connect, "silence_ms"));
      }
      if (connect.has("give_up_ms")) {
        retry.giveUp(millis(connect, "give_up_ms"));
      }
      if (connect.has("progress_ms")) {
        retry.progress(millis(connect, "progress_ms"));
      }
      if (connect.has("timeout_ms")) {
        builder.timeout(millis(connect, "timeout_ms"));
      }
      if (connect.has("insecure") && connect.get("insecure").getAsBoolean()) {
        builder.insecure();
      }
      if (connect.has("token")) {
        builder.token(() -> connect.get("token").getAsString());
      }
      if (connect.has("tokens")) {
        JsonArray tokens = connect.getAsJsonArray("tokens");
        AtomicInteger next = new AtomicInteger();
        builder.token(() -> tokens.get(Math.min(next.getAndIncrement(), tokens.size() - 1)).getAsString());
      }
      client = builder.retry(retry).build();
    }
  }

  private final Map<String, Connection> connections = new HashMap<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
    Thread thread = new Thread(work, "timer");
    thread.setDaemon(true);
    return thread;
  });

  /** Reads commands until there are no more. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    ScenarioRunner runner = new ScenarioRunner();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(runner.answer(JsonParser.parseString(line).getAsJsonObject()));
      out.flush();
    }
    runner.connections.values().forEach(connection -> connection.client.close());
  }

  private JsonObject answer(JsonObject command) {
    JsonObject answer = new JsonObject();
    answer.add("id", command.get("id"));
    long begin = System.nanoTime();
    long peak = peakKib();
    Connection connection = null;
    ScheduledFuture<?> cancel = null;
    try {
      connection = connection(command);
      connection.events.clear();
      if (command.has("cancel_after_ms")) {
        Thread self = Thread.currentThread();
        cancel = timer.schedule(self::interrupt, command.get("cancel_after_ms").getAsLong(), TimeUnit.MILLISECONDS);
      }
      if (command.get("op").getAsString().equals("parallel")) {
        answer.add("results", parallel(command));
      } else {
        Operations.carryOut(connection.client, command, answer, timer);
      }
    } catch (RelaisException e) {
      answer.add("error", Json.of(e));
    } catch (CancellationException e) {
      local(answer, "cancelled", e);
    } catch (UncheckedIOException e) {
      local(answer, "file", e);
    } catch (IllegalStateException e) {
      local(answer, connection == null ? "refused" : "value", e);
    } catch (RuntimeException e) {
      e.printStackTrace();
      local(answer, "other", e);
    }
    if (cancel != null) {
      cancel.cancel(false);
    }
    Thread.interrupted();
    answer.addProperty("ms", (System.nanoTime() - begin) / 1_000_000);
    answer.addProperty("memory_kib", peakKib() - peak);
    JsonArray events = new JsonArray();
    if (connection != null) {
      connection.events.forEach(events::add);
    }
    answer.add("events", events);
    return answer;
  }

  private JsonArray parallel(JsonObject command) {
    List<Thread> threads = new ArrayList<>();
    JsonObject[] answers = new JsonObject[command.getAsJsonArray("calls").size()];
    for (int i = 0; i < answers.length; i++) {
      int number = i;
      JsonObject call = command.getAsJsonArray("calls").get(i).getAsJsonObject();
      for (String inherited : List.of("target", "connect")) {
        if (command.has(inherited) && !call.has(inherited)) {
          call.add(inherited, command.get(inherited));
        }
      }
      threads.add(new Thread(() -> answers[number] = answer(call)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new CancellationException("interrupted");
      }
    }
    JsonArray results = new JsonArray();
    for (JsonObject answer : answers) {
      results.add(answer);
    }
    return results;
  }

  private synchronized Connection connection(JsonObject command) {
    String target = command.get("target").getAsString();
    JsonObject connect = command.has("connect") ? command.getAsJsonObject("connect") : new JsonObject();
    return connections.computeIfAbsent(target + " " + connect, key -> new Connection(target, connect));
  }

  private static void local(JsonObject answer, String what, RuntimeException e) {
    JsonObject error = new JsonObject();
    error.addProperty("local", what);
    error.addProperty("message", String.valueOf(e.getMessage()));
    answer.add("error", error);
  }

  private static Duration millis(JsonObject object, String member) {
    JsonElement value = object.get(member);
    return Duration.ofMillis(value.getAsLong());
  }

  private static long peakKib() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
