"""A mesh as deploy/envoy ships it, started for tests: Envoy, gateways, sandbox, and who makes the callers' tokens."""
