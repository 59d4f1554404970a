package io.relais.tools;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.relais.campaign.v1.ActionRun;
import io.relais.client.Change;
import io.relais.client.Feed;
import io.relais.client.Relais;
import io.relais.client.Tail;
import io.relais.client.TailOptions;
import io.relais.client.Watch;
import io.relais.robot.v1.RobotLog;
import io.relais.robot.v1.TailRobotLogsRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One command: carried out with a client, its results put into the answer. */
final class Operations {
  private final Relais client;
  private final JsonObject command;
  private final JsonObject answer;
  private final ScheduledExecutorService timer;

  private Operations(Relais client, JsonObject command, JsonObject answer, ScheduledExecutorService timer) {
    this.client = client;
    this.command = command;
    this.answer = answer;
    this.timer = timer;
  }

  static void carryOut(Relais client, JsonObject command, JsonObject answer, ScheduledExecutorService timer) {
    new Operations(client, command, answer, timer).run();
  }

  private void run() {
    switch (text("op")) {
      case "ping":
        client.ping();
        break;
      case "call":
        call();
        break;
      case "list":
        list();
        break;
      case "rows":
        new RowsOperation(client, command, answer).run();
        break;
      case "watch":
        if (text("service").equals("robot")) {
          watch(client.robot().watch(text("parent")));
        } else {
          watch(client.jobqueue().watch(text("parent")));
        }
        break;
      case "watch_one":
        JsonArray states = array("states");
        take(watchOne(), state -> states.add(Json.of(state)), state -> false);
        break;
      case "wait":
        answer.add("value", Json.of(await(millis("timeout_ms"))));
        break;
      case "submit":
      case "download":
      case "download_to":
      case "download_all":
        new TransferOperations(client, command, answer).run();
        break;
      case "run":
        runAction();
        break;
      case "follow":
        JsonArray lines = array("lines");
        answer.add("value", Json.of(
            client.campaign().follow(text("name"), millis("timeout_ms"), line -> lines.add(line.getText()))));
        break;
      case "tail":
        tail();
        break;
      default:
        throw new IllegalArgumentException("no operation " + text("op"));
    }
  }

  private void call() {
    MethodDescriptor<Message, Message> method = Json.method(text("method"));
    Message request = Json.request(method, command.get("request"));
    ByteString before = request.toByteString();
    JsonArray values = new JsonArray();
    for (int n = command.has("times") ? command.get("times").getAsInt() : 1; n > 0; n--) {
      values.add(Json.of(command.has("timeout_ms")
          ? client.call(method, request, millis("timeout_ms")) : client.call(method, request)));
      answer.add("value", values.get(values.size() - 1));
    }
    if (command.has("times")) {
      answer.add("values", values);
    }
    answer.addProperty("request_unchanged", before.equals(request.toByteString()));
  }

  @SuppressWarnings("unchecked")
  private void list() {
    MethodDescriptor<Message, Message> method = Json.method(text("method"));
    JsonArray items = array("items");
    int limit = command.has("limit") ? command.get("limit").getAsInt() : Integer.MAX_VALUE;
    for (Message item : client.list(method, Json.request(method, command.get("request")),
        page -> (List<Message>) page.getField(page.getDescriptorForType().getFields().stream()
            .filter(field -> field.isRepeated()).findFirst().get()))) {
      items.add(Json.of(item));
      if (items.size() == limit) {
        break;
      }
    }
  }

  private <T extends Message> void watch(Watch<T> watch) {
    JsonArray changes = array("changes");
    take(watch, change -> changes.add(change(change)), change -> change.complete() && until("complete"));
  }

  private static <T extends Message> JsonObject change(Change<T> change) {
    JsonObject json = new JsonObject();
    JsonArray changed = new JsonArray();
    change.changed().forEach(each -> changed.add(
        (String) each.getField(each.getDescriptorForType().findFieldByName("name"))));
    json.add("changed", changed);
    json.add("removed", Json.strings(change.removed()));
    json.addProperty("complete", change.complete());
    json.addProperty("restarted", change.restarted());
    return json;
  }

  private Feed<? extends Message> watchOne() {
    String name = text("name");
    switch (text("service")) {
      case "jobqueue":
        return client.jobqueue().watchJob(name);
      case "robot":
        return client.robot().watchJob(name);
      case "campaign.run":
        return client.campaign().watchRun(name);
      case "campaign.polling":
        return client.campaign().watchPolling(name);
      default:
        return client.exports().watchRun(name);
    }
  }

  private Message await(Duration limit) {
    String name = text("name");
    switch (text("service")) {
      case "jobqueue":
        return client.jobqueue().await(name, limit);
      case "robot":
        return client.robot().await(name, limit);
      case "campaign.run":
        return client.campaign().awaitRun(name, limit);
      case "campaign.polling":
        return client.campaign().awaitPolling(name, limit);
      default:
        return client.exports().await(name, limit);
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private void runAction() {
    MethodDescriptor<Message, Message> method = Json.method(text("method"));
    JsonArray lines = array("lines");
    ActionRun run = client.campaign().run((MethodDescriptor<Message, ActionRun>) (MethodDescriptor) method,
        Json.request(method, command.get("request")), millis("timeout_ms"), line -> lines.add(line.getText()));
    answer.add("value", Json.of(run));
  }

  private void tail() {
    TailRobotLogsRequest request = Json.parse(command.get("request"), TailRobotLogsRequest.newBuilder()).build();
    Tail tail = client.robot().tail(request,
        command.has("until_job") ? new TailOptions().untilJob(text("until_job")) : new TailOptions());
    JsonArray texts = array("texts");
    int[] count = {0};
    Consumer<RobotLog> each = log -> {
      answer.addProperty("logs", ++count[0]);
      if (count[0] <= 300) {
        texts.add(log.getMessage());
      }
    };
    answer.addProperty("logs", 0);
    take(tail, each, log -> false);
  }

  /** Takes what a feed tells until the command has it leave. */
  private <T> void take(Feed<T> feed, Consumer<? super T> each, Predicate<? super T> enough) {
    JsonObject until = command.has("until") ? command.getAsJsonObject("until") : new JsonObject();
    int left = until.has("count") ? until.get("count").getAsInt() : Integer.MAX_VALUE;
    AtomicBoolean over = new AtomicBoolean();
    if (until.has("ms")) {
      timer.schedule(() -> {
        over.set(true);
        feed.close();
      }, until.get("ms").getAsLong(), TimeUnit.MILLISECONDS);
    }
    try (feed) {
      for (T item : feed) {
        each.accept(item);
        if (--left == 0 || enough.test(item)) {
          return;
        }
      }
    } catch (CancellationException e) {
      if (!over.get()) {
        throw e;
      }
    }
  }

  private boolean until(String member) {
    return command.has("until") && command.getAsJsonObject("until").has(member);
  }

  private JsonArray array(String member) {
    JsonArray array = new JsonArray();
    answer.add(member, array);
    return array;
  }

  private String text(String member) {
    return command.get(member).getAsString();
  }

  private Duration millis(String member) {
    return command.has(member) ? Duration.ofMillis(command.get(member).getAsLong()) : Duration.ZERO;
  }
}
