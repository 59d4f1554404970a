"""The messages and methods of the API, from its proto files, without generated code."""

import pathlib
import subprocess
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

# Their types are needed before anything can be registered that uses them.
from google.protobuf import any_pb2  # noqa: F401

ROOT = pathlib.Path(__file__).resolve().parents[3]
_RPC = ("google/rpc/status.proto", "google/rpc/error_details.proto")


class Protos:
    """All of protos/ and the details of errors, read by protoc."""

    def __init__(self):
        files = sorted(str(path.relative_to(ROOT / "protos")) for path in (ROOT / "protos").rglob("*.proto"))
        with tempfile.NamedTemporaryFile() as out:
            subprocess.run(["protoc", "-I", ROOT / "protos", "-I", ROOT / ".deps/googleapis", "--include_imports",
                            f"--descriptor_set_out={out.name}", *files, *_RPC], check=True)
            content = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(out.name).read_bytes())
        self._pool = descriptor_pool.DescriptorPool()
        for file in content.file:
            self._pool.Add(file)

    def type(self, name):
        """The class of a message, e.g. `google.rpc.Status`."""
        return message_factory.GetMessageClass(self._pool.FindMessageTypeByName(name))

    def method(self, path):
        """The method of `relais.robot.v1.RobotService/GetJob`, as Method."""
        service, _, name = path.partition("/")
        return Method(path, self._pool.FindServiceByName(service).methods_by_name[name])

    def message(self, kind, content):
        """A message of the class `kind` from its JSON form."""
        return json_format.ParseDict(content, kind(), descriptor_pool=self._pool)

    def json(self, message):
        return json_format.MessageToDict(message, descriptor_pool=self._pool)


class Method:
    """Path as gRPC has it, classes of request and response, and which of them are streams."""

    def __init__(self, name, descriptor):
        self.name = name
        self.path = "/" + name
        self.request = message_factory.GetMessageClass(descriptor.input_type)
        self.response = message_factory.GetMessageClass(descriptor.output_type)
        self.client_streaming = descriptor.client_streaming
        self.server_streaming = descriptor.server_streaming
