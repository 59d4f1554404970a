"""Launches a campaign and prints its log as it comes: campaign_launch.py [TARGET]"""

import sys

import relais
from relais.campaign.v1 import LaunchCampaignRequest

with relais.connect(sys.argv[1] if len(sys.argv) > 1 else "localhost:50051") as client:
    run = client.campaign.run(
        client.campaign.LaunchCampaign,
        LaunchCampaignRequest(parent="instances/sandbox", action="Lancer",
                              message="instances/sandbox/models/Edit-Pays-Ville/messages/launch"),
        timeout=300, on_line=lambda line: print(line.text))
    print(run.name, "succeeded:", run.succeeded, run.error)
