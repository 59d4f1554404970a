"""Schemathesis knows no newline-delimited JSON: every line of a stream is judged here, as a message of its own."""

import json
import pathlib
import sys

import schemathesis

# That of tests/edge.
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from mesh.description import OPERATIONS, check  # noqa: E402


@schemathesis.deserializer("application/json")
def last_line(context, response):
    """What is JSON; of a stream its last message, when all before it are right. One that told nothing is right."""
    _, _, operation = OPERATIONS[context.operation.definition.raw["operationId"]]
    if operation.get("x-relais-stream") != "response" or response.status_code != 200:
        return json.loads(response.content)
    messages = [json.loads(line) for line in response.content.splitlines()] or [{}]
    for message in messages[:-1]:
        check(operation["responses"]["200"], message)
    return messages[-1]


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.method.upper() == "QUERY":  # which without a type of its content is wrong whatever a URL takes
        case.headers = {**(case.headers or {}), "content-type": "application/json"}
    if case.operation.definition.raw["operationId"] == "RobotService_TailRobotLogs":
        # It would wait for more for ever, and its heartbeats keep schemathesis waiting too.
        case.query = {"historyOnly": "true", **{name: value for name, value in (case.query or {}).items() if value not in (False, "false")}}
