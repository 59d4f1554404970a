package io.relais.tools;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.relais.client.Relais;
import io.relais.client.Saved;
import io.relais.client.Source;
import io.relais.jobqueue.v1.JobDefinition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** The commands that carry files. */
final class TransferOperations {
  private final Relais client;
  private final JsonObject command;
  private final JsonObject answer;

  TransferOperations(Relais client, JsonObject command, JsonObject answer) {
    this.client = client;
    this.command = command;
    this.answer = answer;
  }

  void run() {
    switch (text("op")) {
      case "submit":
        submit();
        break;
      case "download":
        answer.add("saved", saved(download()));
        break;
      case "download_to":
        downloadTo();
        break;
      default:
        JsonArray all = new JsonArray();
        client.jobqueue().downloadAll(text("name"), Path.of(text("path"))).stream()
            .sorted((a, b) -> a.path().compareTo(b.path())).forEach(each -> all.add(saved(each)));
        answer.add("saved", all);
    }
  }

  private void submit() {
    Map<String, Source> sources = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : command.getAsJsonObject("sources").entrySet()) {
      JsonObject source = entry.getValue().getAsJsonObject();
      if (source.has("path")) {
        sources.put(entry.getKey(), Source.path(Path.of(source.get("path").getAsString())));
      } else {
        byte[] content = Base64.getDecoder().decode(source.get(source.has("bytes") ? "bytes" : "reader").getAsString());
        sources.put(entry.getKey(),
            source.has("bytes") ? Source.bytes(content) : Source.stream(new ByteArrayInputStream(content)));
      }
    }
    JobDefinition definition = Json.parse(command.get("definition"), JobDefinition.newBuilder()).build();
    answer.add("value", Json.of(command.has("request_id")
        ? client.jobqueue().submit(text("parent"), definition, sources, text("request_id"))
        : client.jobqueue().submit(text("parent"), definition, sources)));
  }

  private Saved download() {
    Path path = Path.of(text("path"));
    switch (text("service")) {
      case "jobqueue":
        return client.jobqueue().download(text("name"), path);
      case "campaign":
        return client.campaign().download(text("name"), path);
      default:
        return client.exports().download(text("name"), path);
    }
  }

  private void downloadTo() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      switch (text("service")) {
        case "jobqueue":
          client.jobqueue().downloadTo(text("name"), out);
          break;
        case "campaign":
          client.campaign().downloadTo(text("name"), out);
          break;
        default:
          client.exports().downloadTo(text("name"), "", out);
      }
    } finally {
      answer.addProperty("bytes", out.size());
      answer.addProperty("sha256", RowsOperation.sha256(out.toByteArray()));
    }
  }

  private static JsonObject saved(Saved saved) {
    JsonObject json = new JsonObject();
    json.addProperty("path", saved.path().toString());
    json.addProperty("bytes", saved.bytes());
    json.addProperty("sha256", saved.sha256());
    json.addProperty("media_type", saved.mediaType());
    return json;
  }

  private String text(String member) {
    return command.get(member).getAsString();
  }
}
