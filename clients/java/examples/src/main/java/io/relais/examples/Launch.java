package io.relais.examples;

import io.relais.campaign.v1.ActionRun;
import io.relais.campaign.v1.CampaignServiceGrpc;
import io.relais.campaign.v1.LaunchCampaignRequest;
import io.relais.client.Relais;
import java.time.Duration;

/** Launches a campaign and shows its log as it comes. */
public final class Launch {
  public static void main(String[] arguments) {
    LaunchCampaignRequest request = LaunchCampaignRequest.newBuilder()
        .setParent("instances/sandbox")
        .setAction("Lancer")
        .setMessage("instances/sandbox/models/Edit-Pays-Ville/messages/launch")
        .build();
    try (Relais relais = Relais.builder(arguments[0]).build()) {
      ActionRun run = relais.campaign().run(CampaignServiceGrpc.getLaunchCampaignMethod(), request,
          Duration.ofMinutes(5), line -> System.out.println(line.getText()));
      System.out.println(run.getSucceeded() ? "launched" : "failed: " + run.getError());
    }
  }
}
