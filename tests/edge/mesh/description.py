"""What deploy/openapi says of REST."""

import pathlib

import jsonschema_rs
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
FILE = ROOT / "deploy/openapi/openapi.yaml"
DESCRIPTION = yaml.load(FILE.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
# Operation id -> verb, path, operation.
OPERATIONS = {operation["operationId"]: (verb.upper(), path, operation)
              for path, verbs in DESCRIPTION["paths"].items() for verb, operation in verbs.items()}


def check(response, message):
    """Fails when a message is not what the description says of this response."""
    schema = {**response["content"]["application/json"]["schema"], "components": DESCRIPTION["components"]}
    jsonschema_rs.validator_for(schema).validate(message)
