"""The recipes of docs/grpcurl.md as requests of REST: the examples of the description, from the page that a test runs."""

import base64
import dataclasses
import json
import pathlib
import re
import subprocess
from urllib.parse import quote, urlencode

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUF = ROOT / ".deps/bin/buf"
SPACE = r"(?:\s|\\\n)+"
# [NAME=$(]grpcurl [-option [number]]… [-d 'messages'] ADDRESS service/method [; test $? -eq EXIT]
CALL = re.compile(
    rf"(?:(?P<sets>[A-Z]+)=\$\()?grpcurl(?P<options>(?: -(?!d )[a-z-]+(?: \d+)?)*)(?: -d '(?P<messages>[^']*)')?{SPACE}"
    rf"127\.0\.0\.1:50051{SPACE}relais\.[a-z]+\.v1\.(?P<service>\w+)/(?P<method>\w+)(?:; test \$\? -eq (?P<exit>\d+))?")
# grpcurl exits with this and the code of a call that failed.
FAILED = 64
NOT_FOUND = 5


@dataclasses.dataclass
class Recipe:
    operation: str  # its id in the description
    messages: list  # of the request, as the page has them, with $NAME of what was kept before
    sets: str | None  # the name under which the `name` of the answer is kept
    uses: dict  # NAME -> the recipe whose answer it is
    block: int  # of the page, which other recipes may share
    ends: bool  # False: a watch without an end
    fails: bool  # it asks for what is not there

    def filled(self, kept, request_id="recipe"):
        """The messages, with what has been kept, and with another request id where they have one."""
        text = json.dumps(self.messages)
        for name, value in kept.items():
            text = text.replace(f"${name}", value)
        return json.loads(text.replace('"request_id": "recipe"', f'"request_id": "{request_id}"'))

    def needs(self):
        """The names that stand in the messages."""
        return [name for name in self.uses if f"${name}" in json.dumps(self.messages)]


def read_page(page=ROOT / "docs/grpcurl.md"):
    """All calls of the API, in the order of the page."""
    text = re.sub(r"'\$([A-Z]+)'", r"$\1", page.read_text(encoding="utf-8"))
    recipes, kept = [], {}
    for call in CALL.finditer(text):
        content, messages, decoder = (call["messages"] or "{}").strip(), [], json.JSONDecoder()
        while content:
            message, end = decoder.raw_decode(content)
            messages.append(message)
            content = content[end:].strip()
        recipes.append(Recipe(f"{call['service']}_{call['method']}", messages, call["sets"], dict(kept), text.count("```sh", 0, call.start()),
                              "-max-time" not in call["options"], call["exit"] == str(FAILED + NOT_FOUND)))
        if call["sets"]:
            kept[call["sets"]] = recipes[-1]
    return recipes


def first_name(answer):
    """As the page takes it from what is printed."""
    return re.search(r'"name": "(.*?)"', json.dumps(answer, ensure_ascii=False))[1]


def pool_of_protos():
    """All types of the API."""
    done = subprocess.run([BUF, "build", "protos", "--as-file-descriptor-set", "--exclude-source-info", "-o", "-"], cwd=ROOT,
                          stdout=subprocess.PIPE, check=True)
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(done.stdout).file:
        pool.Add(file)
    return pool


def methods():
    """Operation id -> method of the descriptors."""
    done = subprocess.run([BUF, "build", "protos", "--as-file-descriptor-set", "--exclude-source-info", "-o", "-#format=json"],
                          cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return {f"{service['name']}_{method['name']}": method for file in json.loads(done.stdout)["file"]
            for service in file.get("service", []) for method in service["method"]}


def as_rest_has_it(pool, kind, message):
    """What JSON of Protobuf makes of it; a field that `kind` does not have is an error."""
    # grpcurl takes a mask only as the message that it is.
    message = {name: ",".join(map(camel, value["paths"])) if name == "update_mask" else value for name, value in message.items()}
    empty = message_factory.GetMessageClass(pool.FindMessageTypeByName(kind.lstrip(".")))()
    made = json_format.MessageToDict(json_format.ParseDict(message, empty, descriptor_pool=pool), descriptor_pool=pool)
    # What is said although it is the default stays.
    return {**made, **{camel(name): False for name, value in message.items() if value is False}}


def camel(name):
    return re.sub("_(.)", lambda found: found[1].upper(), name)


def take(message, path):
    """Removes and returns what is at a path like `query.record_sql`; what is empty then goes too."""
    name, _, rest = path.partition(".")
    if not rest:
        return message.pop(camel(name))
    value = take(message[camel(name)], rest)
    if not message[camel(name)]:
        del message[camel(name)]
    return value


def flat(message, before=""):
    """Parameters of a query."""
    found = {}
    for name, value in message.items():
        if isinstance(value, dict):
            found.update(flat(value, f"{before}{name}."))
        else:
            found[before + name] = value
    return found


@dataclasses.dataclass
class Request:
    verb: str
    parameters: dict  # of the path
    query: dict
    body: object  # JSON, bytes of a file, or None

    def url(self, path):
        for name, value in self.parameters.items():
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        query = {name: json.dumps(value) if isinstance(value, bool) else value for name, value in self.query.items()}
        return path + (f"?{urlencode(query, doseq=True)}" if query else "")


def request_of(pool, method, path, messages):
    """The request of REST for a method of the descriptors, whose URL in the description is `path`."""
    rule = method["options"]["[google.api.http]"]
    verb = next(verb for verb in ("get", "post", "put", "patch", "delete") if verb in rule)
    messages = [as_rest_has_it(pool, method["inputType"], message) for message in messages]
    first = messages[0]
    # {name=queues/*} or {name}: the value of the field is the part of the URL between what stands around it.
    url = re.sub(r"{([a-z_.]+)(?:=[^}]*)?}", lambda bound: take(first, bound[1]), rule[verb])
    template = re.sub(r"\\{\w+\\}", lambda part: f"(?P<{part[0][2:-2]}>[^/]+)", re.escape(path))
    fitting = re.fullmatch(template, url)
    if fitting is None:
        raise SystemExit(f"generate: {url} is not {path}")
    body = rule.get("body")
    if body == "*":
        return Request(verb, fitting.groupdict(), {}, messages if method.get("clientStreaming") else first)
    content = first.pop(camel(body), {}) if body else None
    if takes_file(method, pool):
        content = base64.b64decode(content["data"])
    return Request(verb, fitting.groupdict(), flat(first), content)


def takes_file(method, pool):
    """Whether the body is a file as it is."""
    fields = pool.FindMessageTypeByName(method["inputType"].lstrip(".")).fields_by_name
    body = fields.get(method["options"]["[google.api.http]"].get("body", ""))
    return body is not None and body.message_type is not None and body.message_type.full_name == "google.api.HttpBody"
