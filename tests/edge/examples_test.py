"""The examples of the description, which are the recipes of docs/grpcurl.md: in the order of that page each is asked over REST.

RELAIS_RECORD=1 keeps the answers for the description, in deploy/openapi/answers.json.
"""

import json
import os
import sys
import uuid

import jsonschema_rs
import pytest
from mesh.description import OPERATIONS, check
from mesh.mesh import ROOT, Mesh

sys.path.insert(0, str(ROOT / "deploy/openapi"))

import recipes  # noqa: E402

ANSWERS = ROOT / "deploy/openapi/answers.json"
RECIPES = recipes.read_page()
MOST_LIST, MOST_TEXT = 2, 160


def shortened(answer):
    """For a page that is read: the first of what is many."""
    if isinstance(answer, dict):
        return {name: shortened(value) for name, value in answer.items()}
    if isinstance(answer, list):
        return [shortened(value) for value in answer[:MOST_LIST]]
    return answer[:MOST_TEXT] if isinstance(answer, str) else answer


class Asked:
    """One recipe, asked: HTTP status, and the messages of the answer or the bytes of a file."""

    def __init__(self, mesh, recipe, pool, methods, messages):
        verb, path, self.operation = OPERATIONS[recipe.operation]
        request = recipes.request_of(pool, methods[recipe.operation], path, messages)
        body = request.body if isinstance(request.body, bytes) else None if request.body is None else json.dumps(request.body)
        kind = "text/plain" if isinstance(request.body, bytes) else "application/json"
        connection = mesh.http(timeout=60)
        try:
            connection.request(verb, request.url(path), body, {"authorization": f"Bearer {mesh.token('administrator')}", "content-type": kind})
            reply = connection.getresponse()
            self.status, self.messages, self.file = reply.status, [], b""
            if "*/*" in self.operation["responses"]["200"]["content"] and reply.status == 200:
                self.file = reply.read()
                return
            for line in reply:
                self.messages.append(json.loads(line))
                if not recipe.ends and self.messages[-1].get("snapshotComplete"):
                    return
        finally:
            connection.close()


@pytest.fixture
def exporting(tmp_path):
    for name in ("kept", "outbox"):
        (tmp_path / name).mkdir()
    with Mesh(gateways=1, settings={"exports.directory": str(tmp_path / "kept"),
                                    "exports.destinations.outbox.directory.path": str(tmp_path / "outbox")}) as running:
        yield running


def test_examples_work_and_are_answered_as_described(exporting):
    pool, kept, answers = recipes.pool_of_protos(), {}, {}
    methods = recipes.methods()
    block = None
    for recipe in RECIPES:
        for name in recipe.needs() if recipe.block != block else ():
            # As the page is run: each block begins with what it names as it is when it has just been made.
            maker = recipe.uses[name]
            if "request_id" in json.dumps(maker.messages):
                made = Asked(exporting, maker, pool, methods, maker.filled(kept, str(uuid.uuid4())))
                kept[name] = recipes.first_name(made.messages[0])
        block = recipe.block
        asked = Asked(exporting, recipe, pool, methods, recipe.filled(kept))
        assert asked.status == (404 if recipe.fails else 200), (recipe, asked.messages)
        response = asked.operation["responses"]["4XX" if recipe.fails else "200"]
        for message in asked.messages:
            check(response, message)
        assert asked.messages or asked.file, recipe
        if asked.messages:
            answers.setdefault(recipe.operation, shortened(asked.messages[0]))
        if recipe.sets:
            kept[recipe.sets] = recipes.first_name(asked.messages[0])
    if os.environ.get("RELAIS_RECORD") == "1":
        lines = [f"{json.dumps(name)}: {json.dumps(answer, ensure_ascii=False)}" for name, answer in sorted(answers.items())]
        ANSWERS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def test_examples_stand_at_every_operation():
    for _, _, operation in OPERATIONS.values():
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert "example" in content, operation["operationId"]
        for parameter in operation.get("parameters", []):
            assert "example" in parameter or parameter["in"] == "query", (operation["operationId"], parameter["name"])
        answers = [content for status, response in operation["responses"].items() for kind, content in response["content"].items()
                   if status != "5XX" and kind == "application/json"]
        assert any("example" in content for content in answers) or "*/*" in operation["responses"]["200"]["content"], operation["operationId"]


@pytest.mark.parametrize("wrong", [{"jobs": "none"}, {"totalSize": 3}, []])
def test_examples_that_are_not_as_described_are_found(wrong):
    _, _, operation = OPERATIONS["JobQueueService_ListJobs"]
    with pytest.raises(jsonschema_rs.ValidationError):
        check(operation["responses"]["200"], wrong)
