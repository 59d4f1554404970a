"""Makes the configuration of Envoy from the protos, a policy and the values of an installation."""
