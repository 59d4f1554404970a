"""What `clients/scenarios/run` is made of; clients/scenarios/README.md describes the format of scenarios."""
