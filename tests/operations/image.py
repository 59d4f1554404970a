"""What the Dockerfile makes, made without an engine: the root folder of its last stage, and processes that run in it.

An engine is not needed for what is asked here: whether the list of the Dockerfile has all that the programs need, as
another user, on a root that is read-only. That it is built from Debian's image is not shown by this.
"""

import contextlib
import json
import os
import re
import shlex
import subprocess

from processes import BIN, ROOT, Gateway, Process, only_child

# As an engine sets a container up: read-only root, volumes and /tmp that can be written, /proc, a few devices, nothing else.
ENTER = r"""
root=$1 user=$2 group=$3 workdir=$4 volumes=$5; shift 5
mount --make-rprivate / && mount --bind "$root" "$root" && mount -o remount,bind,ro "$root"
for volume in $volumes; do
  mount -t tmpfs -o "mode=$(stat -c %a "$root$volume"),uid=$(stat -c %u "$root$volume"),gid=$(stat -c %g "$root$volume")" \
    tmpfs "$root$volume"
done
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
for device in null zero urandom random; do mount --bind "/dev/$device" "$root/dev/$device"; done
exec unshare --pid --fork --mount-proc=/proc --root="$root" --wd="$workdir" \
  --setgid="$group" --setuid="$user" "$@"
"""


def instructions():
    """The Dockerfile's instructions: (word, rest)."""
    with open(os.path.join(ROOT, "Dockerfile"), encoding="utf-8") as file:
        text = re.sub(r"^\s*#.*\n", "", file.read(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n", " ", text).splitlines()
    return [tuple(line.strip().split(maxsplit=1)) for line in lines if line.strip()]


def stages():
    """The instructions of each stage, in their order."""
    made = []
    for word, rest in instructions():
        if word == "FROM":
            made.append((rest, []))
        else:
            made[-1][1].append((word, rest))
    return made


class Image:
    """The root of the last stage, in `folder`."""

    def __init__(self, folder):
        (_, building), (_, last) = stages()
        collected, self.root = os.path.join(folder, "stage"), os.path.join(folder, "root")
        os.makedirs(self.root)
        self._collect(building, collected)
        self.settings = {}
        self.volumes = []
        for word, rest in last:
            if word == "COPY":
                self._copy(collected, rest)
            elif word == "VOLUME":
                self.volumes = json.loads(rest)
            else:
                self.settings[word] = rest
        # What an engine makes for its mounts.
        for name in ("proc", "dev"):
            os.mkdir(os.path.join(self.root, name))
        for name in ("null", "zero", "urandom", "random"):
            self.place(os.path.join("dev", name), "")

    def _collect(self, building, collected):
        """Runs the step that collects, with the programs that are built already."""
        command = next(rest for word, rest in building if word == "RUN" and "deploy/image/collect" in rest)
        words = [{"build/release/bin": BIN, "/image": collected + "/image"}.get(word, word)
                 for word in shlex.split(command)]
        subprocess.run(words, cwd=ROOT, check=True)

    def _copy(self, collected, rest):
        options, paths = [], []
        for word in rest.split():
            (options if word.startswith("--") else paths).append(word)
        source, target = collected + paths[0], self.root + paths[1]
        # A folder's content is copied, with its modes, and belongs to root or to --chown.
        subprocess.run(["cp", "-a", source + "/.", target], check=True)
        for option in options:
            if option.startswith("--chown="):
                subprocess.run(["chown", "-R", option.removeprefix("--chown="), target], check=True)

    def place(self, path, text):
        """A file that is mounted into it."""
        path = os.path.join(self.root, path.lstrip("/"))
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def command(self, *arguments, entrypoint=None):
        """What starts a container of it; arguments stand in for CMD."""
        user, group = self.settings["USER"].split(":")
        program = [entrypoint] if entrypoint else json.loads(self.settings["ENTRYPOINT"])
        return ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "unshare", "--mount", "--", "bash", "-euc", ENTER, "enter",
                self.root, user, group, self.settings["WORKDIR"], " ".join(self.volumes), *program,
                *(arguments or json.loads(self.settings["CMD"]))]

    def gateway(self):
        return GatewayContainer(command=self.command())

    def sandbox(self):
        return Container(self.command("--listen", "127.0.0.1:0", entrypoint="/usr/bin/relais-sandbox"))


class Container(Process):
    """Gets signals as an engine sends them: to its first process, from outside. unshare would not hand them on."""

    def send(self, with_signal):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.first(), with_signal)

    def first(self):
        """The process id, outside, of the first process."""
        return only_child(self.pid)


class GatewayContainer(Gateway, Container):
    """relaisd in a container."""
