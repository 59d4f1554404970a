"""docker-compose.yml as plain processes: what each service runs, with this machine's names for what it names.

Four things differ from containers, and are put into commands, environments, labels and mounted YAML files alike:
a service's address (`gateway-1:50051`, also `address: gateway-1, port_value: 50051`) and its own (`0.0.0.0:50051`,
`localhost:50051`) become a free port of loopback; a path that is mounted becomes one below the service's folder; a program
becomes the one of the build or of .deps.
"""

import dataclasses
import json
import pathlib
import re
import shutil
import socket

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = {
    "/usr/bin/relaisd": ROOT / "build/release/bin/relaisd",
    "/usr/bin/relais-sandbox": ROOT / "build/release/bin/relais-sandbox",
    "/usr/local/bin/envoy": ROOT / ".deps/edge/bin/envoy",
    "/bin/prometheus": ROOT / ".deps/prometheus/usr/bin/prometheus",
}
OWN_NAMES = ("0.0.0.0", "localhost")


def dockerfile(word):
    """The lists that the Dockerfile gives after `word`, as one."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    return [item for found in re.findall(rf"^{word} (\[.*\])$", text, re.MULTILINE) for item in json.loads(found)]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@dataclasses.dataclass
class Service:
    name: str
    command: list
    environment: dict
    after: dict  # service -> condition
    health: list  # command, or empty
    health_interval: float
    url: str
    folder: pathlib.Path


class Topology:
    """All services that can run here, below `folder`; `absent` are those whose program is not here."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self._services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
        self._ports = {}
        self.services, self.absent = {}, []
        for name, described in self._services.items():
            service = self._service(name, described)
            if service:
                self.services[name] = service
            else:
                self.absent.append(name)

    def port(self, service, port):
        """The port of loopback that stands for one of a service."""
        return self._ports.setdefault((service, int(port)), None) or self._new_port(service, int(port))

    def _new_port(self, service, port):
        self._ports[service, port] = free_port()
        return self._ports[service, port]

    def _service(self, name, described):
        own_image = "build" in described or described.get("image") == "relais"
        entrypoint = described.get("entrypoint") or (dockerfile("ENTRYPOINT") if own_image else [])
        if not entrypoint or entrypoint[0] not in PROGRAMS:
            return None
        folder = self._folder / name
        paths = {}
        for path in (dockerfile("VOLUME") if own_image else []):
            paths[path] = folder / path.lstrip("/")
            paths[path].mkdir(parents=True, exist_ok=True)
        mounts = [mount.split(":")[:2] for mount in described.get("volumes", ())]
        paths.update({inside: folder / inside.lstrip("/") for _, inside in mounts})

        def here(text):
            return self._here(name, paths, str(text))

        for source, inside in mounts:
            self._mount(source, paths[inside], here)
        health = described.get("healthcheck", {})
        return Service(
            name, [here(word) for word in entrypoint + described.get("command", [])],
            {key: here(value) for key, value in described.get("environment", {}).items()},
            self._after(described.get("depends_on", {})), [here(word) for word in health.get("test", [])[1:]],
            float(health.get("interval", "5s").rstrip("s")), self._url(name, described), folder)

    @staticmethod
    def _after(depends_on):
        if isinstance(depends_on, list):
            return dict.fromkeys(depends_on, "service_started")
        return {name: how["condition"] for name, how in depends_on.items()}

    def _here(self, name, paths, text):
        """The text as it has to be for a process of the service."""
        names = "|".join(re.escape(known) for known in (*self._services, *OWN_NAMES))

        def address(host, port):
            owner = name if host in OWN_NAMES else host
            return ("localhost" if host == "localhost" else "127.0.0.1"), self.port(owner, port)

        def joined(found):
            return "{}:{}".format(*address(found[1], found[2]))

        def apart(found):
            host, port = address(found[2], found[4])
            return f"{found[1]}{host}{found[3]}{port}"

        def path(found):
            return str({**paths, **PROGRAMS}[found[0]])

        known = "|".join(sorted(map(re.escape, {**paths, **PROGRAMS}), key=len, reverse=True))
        text = re.sub(rf"(?<![\w./-])(?:{known})(?![\w.-])", path, text)
        text = re.sub(rf"(?<![\w.-])({names}):(\d+)\b", joined, text)
        return re.sub(rf"((?:address|host): )({names})(, (?:port_value|port): )(\d+)\b", apart, text)

    def _mount(self, source, target, here):
        target.parent.mkdir(parents=True, exist_ok=True)
        if not source.startswith("."):
            target.mkdir(exist_ok=True)  # a volume
            return
        source = ROOT / source
        if source.is_file():
            target.write_text(here(source.read_text(encoding="utf-8")), encoding="utf-8")
        elif any(source.rglob("*.yaml")):
            shutil.copytree(source, target, dirs_exist_ok=True)
            for file in target.rglob("*.yaml"):
                file.write_text(here(file.read_text(encoding="utf-8")), encoding="utf-8")
        elif not target.exists():
            target.symlink_to(source)

    def _url(self, name, described):
        """Of the label `relais.url`, which has the published port."""
        published = dict(mapping.split(":")[-2:] for mapping in described.get("ports", ()))
        return re.sub(r"(?<=localhost:)\d+", lambda found: str(self.port(name, published[found[0]])),
                      described.get("labels", {}).get("relais.url", ""))

    def levels(self):
        """The services in the order of their start, those together that do not wait for each other."""
        done, left = set(), dict(self.services)
        while left:
            level = [service for service in left.values() if set(service.after) & set(self.services) <= done]
            if not level:
                raise SystemExit("docker-compose.yml: depends_on goes round in circles")
            yield level
            done |= {service.name for service in level}
            for service in level:
                del left[service.name]
