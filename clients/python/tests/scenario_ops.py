"""The operations of clients/scenarios: each calls the client and puts what came into the answer."""

import base64
import hashlib
import inspect
import io
import pathlib

from google.protobuf import json_format
from relais.jobqueue import v1 as jobqueue
from relais.recordsql import v1 as recordsql
from relais.robot import v1 as robot
from scenario_text import Digest, got, message_as_json


async def value_of(made):
    """What a call gives, of either client."""
    return await made if inspect.isawaitable(made) else made


def method_of(client, command):
    service, name = command["method"].split("/")
    return getattr(getattr(client, service.split(".")[1]), name)


def seconds_of(command):
    """`timeout_ms` of a wait, where 0 is for ever."""
    return command["timeout_ms"] / 1000 or None


async def call(runner, client, command, answer):
    method = method_of(client, command)
    request = json_format.ParseDict(command["request"], method.request_type())
    before, values = request.SerializeToString(deterministic=True), []
    timeout = command["timeout_ms"] / 1000 if "timeout_ms" in command else None
    for _ in range(command.get("times", 1)):
        values.append(message_as_json(await value_of(method(request, timeout=timeout))))
        answer.update(value=values[-1], **({"values": values} if "times" in command else {}))
    answer["request_unchanged"] = request.SerializeToString(deterministic=True) == before


async def list_all(runner, client, command, answer):
    method = method_of(client, command)
    request = json_format.ParseDict(command["request"], method.request_type())
    answer["items"] = []
    listed = client.list(method, request)
    async for item in listed if runner.aio else _each(listed):
        answer["items"].append(message_as_json(item))
        if len(answer["items"]) == command.get("limit"):
            break


async def _each(iterable):
    for item in iterable:
        yield item


async def rows(runner, client, command, answer):
    request = recordsql.StreamRecordsRequest.FromString(base64.b64decode(command["checkpoint"])) if "checkpoint" in command \
        else json_format.ParseDict(command["request"], recordsql.StreamRecordsRequest())
    pause = command.get("batch_ms", 0) / 1000
    digest, taken, kept = Digest(), client.recordsql.rows(request, progress=None), []
    wanted = [row for row, _, _ in command.get("getters", [])]
    try:
        if pause or "checkpoint_after" in command:
            await _by_batch(runner, taken, command, digest, pause)
        else:
            async for row in runner.items(taken):
                if digest.count in wanted:
                    kept.append((digest.count, row))
                digest.add(row)
                if digest.count == command.get("limit"):
                    break
    finally:
        answer.update(columns=[column.name for column in taken.columns], rows=digest.count, digest=digest.hexdigest(),
                      values=digest.values, resumes=taken.resumes,
                      checkpoint=base64.b64encode(taken.checkpoint().SerializeToString()).decode(),
                      got=[got(dict(kept)[row], column, kind) for row, column, kind in command.get("getters", [])
                           if row in dict(kept)])


async def _by_batch(runner, taken, command, digest, pause):
    """Rows by batches, with a rest after each."""
    import asyncio
    import time
    batches = 0
    stream = taken.batches()
    async for batch in stream if runner.aio else _each(stream):
        for row in taken.to_tuples(batch):
            digest.add(row)
        batches += 1
        if pause:
            await asyncio.sleep(pause) if runner.aio else time.sleep(pause)
        if batches == command.get("checkpoint_after") or digest.count >= command.get("limit", digest.count + 1):
            break
    await value_of(taken.aclose() if runner.aio else taken.close())


def _until(command):
    until = command.get("until", {})
    return until.get("count"), until["ms"] / 1000 if "ms" in until else None, until.get("complete", False)


async def watch(runner, client, command, answer):
    count, seconds, complete = _until(command)
    answer["changes"] = []
    async for change in runner.items(getattr(client, command["service"]).watch(command["parent"]), seconds):
        answer["changes"].append({"changed": [item.name for item in change.changed], "removed": change.removed,
                                  "complete": change.complete, "restarted": change.restarted})
        if len(answer["changes"]) == count or complete and change.complete:
            break


WATCHED = {"jobqueue": ("jobqueue", "watch_job", "wait"), "robot": ("robot", "watch_job", "wait"),
           "campaign.run": ("campaign", "watch_run", "wait_run"), "exports": ("exports", "watch_run", "wait"),
           "campaign.polling": ("campaign", "watch_polling", "wait_polling")}


async def watch_one(runner, client, command, answer):
    count, seconds, _ = _until(command)
    service, verb, _ = WATCHED[command["service"]]
    answer["states"] = []
    async for state in runner.items(getattr(getattr(client, service), verb)(command["name"]), seconds):
        answer["states"].append(message_as_json(state))
        if len(answer["states"]) == count:
            break


async def wait(runner, client, command, answer):
    service, _, verb = WATCHED[command["service"]]
    answer["value"] = message_as_json(
        await value_of(getattr(getattr(client, service), verb)(command["name"], seconds_of(command))))


def _source(told):
    if "path" in told:
        return pathlib.Path(told["path"])
    return base64.b64decode(told["bytes"]) if "bytes" in told else io.BytesIO(base64.b64decode(told["reader"]))


async def submit(runner, client, command, answer):
    definition = json_format.ParseDict(command["definition"], jobqueue.JobDefinition())
    sources = {name: _source(told) for name, told in command.get("sources", {}).items()}
    answer["value"] = message_as_json(await value_of(client.jobqueue.submit(
        command["parent"], definition, sources, request_id=command.get("request_id", ""))))


def _saved(saved):
    return {"path": saved.path, "bytes": saved.bytes, "sha256": saved.sha256, "media_type": saved.media_type}


async def download(runner, client, command, answer):
    answer["saved"] = _saved(await value_of(getattr(client, command["service"]).download(command["name"], command["path"])))


async def download_to(runner, client, command, answer):
    file = io.BytesIO()
    try:
        await value_of(getattr(client, command["service"]).download_to(command["name"], file))
    finally:
        answer.update(bytes=len(file.getvalue()), sha256=hashlib.sha256(file.getvalue()).hexdigest())


async def download_all(runner, client, command, answer):
    answer["saved"] = sorted(map(_saved, await value_of(client.jobqueue.download_all(command["name"], command["path"]))),
                             key=lambda saved: saved["path"])


async def run(runner, client, command, answer):
    method = method_of(client, command)
    request = json_format.ParseDict(command["request"], method.request_type())
    answer["lines"] = []
    answer["value"] = message_as_json(await value_of(client.campaign.run(
        method, request, seconds_of(command), on_line=lambda line: answer["lines"].append(line.text))))


async def follow(runner, client, command, answer):
    answer["lines"] = []
    answer["value"] = message_as_json(await value_of(client.campaign.follow(
        command["name"], seconds_of(command), on_line=lambda line: answer["lines"].append(line.text))))


async def tail(runner, client, command, answer):
    count, seconds, _ = _until(command)
    request = json_format.ParseDict(command["request"], robot.TailRobotLogsRequest())
    answer.update(logs=0, texts=[])
    async for log in runner.items(client.robot.tail(request, until_job=command.get("until_job", "")), seconds):
        answer["logs"] += 1
        answer["texts"] += [log.message] if len(answer["texts"]) < 300 else []
        if answer["logs"] == count:
            break


async def ping(runner, client, command, answer):
    await value_of(client.ping())


OPERATIONS = {"ping": ping, "call": call, "list": list_all, "rows": rows, "watch": watch, "watch_one": watch_one, "wait": wait,
              "submit": submit, "download": download, "download_to": download_to, "download_all": download_all, "run": run,
              "follow": follow, "tail": tail}
