package io.relais.tools;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorDetailsProto;
import io.grpc.MethodDescriptor;
import io.relais.campaign.v1.CampaignServiceGrpc;
import io.relais.client.Event;
import io.relais.client.RelaisException;
import io.relais.exports.v1.ExportServiceGrpc;
import io.relais.jobqueue.v1.JobQueueServiceGrpc;
import io.relais.recordsql.v1.RecordSqlServiceGrpc;
import io.relais.robot.v1.RobotServiceGrpc;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Messages, events and errors as JSON, and methods by their names. */
final class Json {
  private static final TypeRegistry DETAILS =
      TypeRegistry.newBuilder().add(ErrorDetailsProto.getDescriptor().getMessageTypes()).build();
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().usingTypeRegistry(DETAILS).omittingInsignificantWhitespace();
  private static final Map<String, MethodDescriptor<?, ?>> METHODS = Stream.of(
      CampaignServiceGrpc.getServiceDescriptor(), ExportServiceGrpc.getServiceDescriptor(),
      JobQueueServiceGrpc.getServiceDescriptor(), RecordSqlServiceGrpc.getServiceDescriptor(),
      RobotServiceGrpc.getServiceDescriptor()).flatMap(service -> service.getMethods().stream())
      .collect(Collectors.toMap(MethodDescriptor::getFullMethodName, method -> method));

  private Json() { }

  /** A method as {@code package.Service/Method}. */
  @SuppressWarnings("unchecked")
  static MethodDescriptor<Message, Message> method(String name) {
    return (MethodDescriptor<Message, Message>) METHODS.get(name);
  }

  /** The request of a method. */
  static Message request(MethodDescriptor<Message, Message> method, JsonElement json) {
    MethodDescriptor.PrototypeMarshaller<Message> marshaller =
        (MethodDescriptor.PrototypeMarshaller<Message>) method.getRequestMarshaller();
    return parse(json, marshaller.getMessagePrototype().newBuilderForType()).build();
  }

  /** A builder with what the JSON says. */
  static <B extends Message.Builder> B parse(JsonElement json, B builder) {
    try {
      JsonFormat.parser().usingTypeRegistry(DETAILS).merge(json == null ? "{}" : json.toString(), builder);
      return builder;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static JsonElement of(Message message) {
    try {
      return JsonParser.parseString(PRINTER.print(message));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static JsonObject of(Event event) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", event.kind().name().toLowerCase(Locale.ROOT));
    json.addProperty("code", event.code().name());
    json.addProperty("reason", event.reason().getNumber() == 0 ? "" : event.reason().name());
    json.addProperty("attempt", event.attempt());
    json.addProperty("wait_ms", event.waiting().toMillis());
    json.addProperty("request_id", event.requestId());
    json.addProperty("call_id", event.callId());
    return withoutEmpty(json);
  }

  static JsonObject of(RelaisException error) {
    JsonObject json = new JsonObject();
    json.addProperty("code", error.code().name());
    json.addProperty("reason", error.reason().getNumber() == 0 ? "" : error.reason().name());
    json.addProperty("raw_reason", error.rawReason());
    json.addProperty("message", error.getMessage());
    json.addProperty("upstream_message", error.upstreamMessage());
    JsonArray violations = new JsonArray();
    for (BadRequest.FieldViolation each : error.violations()) {
      JsonObject violation = new JsonObject();
      violation.addProperty("field", each.getField());
      violation.addProperty("description", each.getDescription());
      violations.add(violation);
    }
    json.add("violations", violations);
    error.retryAfter().ifPresent(wait -> json.addProperty("retry_after_ms", wait.toMillis()));
    JsonObject metadata = new JsonObject();
    error.metadata().forEach(metadata::addProperty);
    json.add("metadata", metadata);
    json.addProperty("call_id", error.callId());
    json.addProperty("request_id", error.requestId());
    json.addProperty("attempts", error.attempts());
    error.last().ifPresent(last -> json.add("last", of(last)));
    return withoutEmpty(json);
  }

  static JsonArray strings(Iterable<String> values) {
    JsonArray json = new JsonArray();
    values.forEach(json::add);
    return json;
  }

  private static JsonObject withoutEmpty(JsonObject json) {
    json.entrySet().removeIf(member -> member.getValue().equals(new com.google.gson.JsonPrimitive(""))
        || member.getValue().isJsonArray() && member.getValue().getAsJsonArray().size() == 0
        || member.getValue().isJsonObject() && member.getValue().getAsJsonObject().size() == 0);
    return json;
  }
}
