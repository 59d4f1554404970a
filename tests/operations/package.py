"""A system of its own in which a package is installed: this one, with all changes kept apart and gone at the end."""

import configparser
import os
import shlex
import subprocess

from processes import Gateway

# The system's root below, what changes above, in memory; no network but loopback, no init.
ENTER = r"""
root=$1; shift
mount --make-rprivate /
mount -t tmpfs tmpfs "$root" && mkdir "$root"/upper "$root"/work "$root"/system
mount -t overlay overlay -o "lowerdir=/,upperdir=$root/upper,workdir=$root/work" "$root/system"
mkdir -p "$root/system$2" && mount --bind "$2" "$root/system$2"
mount --rbind /dev "$root/system/dev"
mount -t proc proc "$root/system/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/system/tmp"
mount -t tmpfs tmpfs "$root/system/run"
exec sleep "$1"
"""
LONGEST = 600  # seconds that it exists


class System:
    """Changes of it are seen by nobody else. `packages` is a folder that it sees at the same path."""

    def __init__(self, folder, packages):
        self.root = os.path.join(folder, "system")
        os.mkdir(folder)
        self._holder = subprocess.Popen(["unshare", "--mount", "--", "bash", "-euc", ENTER, "enter", folder, str(LONGEST),
                                         packages])

    def ready(self):
        return self.run("true", check=False).returncode == 0

    def command(self, *words, user=None):
        account = [f"--userspec={user}:{user}"] if user else []
        return ["nsenter", f"--mount=/proc/{self._holder.pid}/ns/mnt", "--", "chroot", *account, self.root,
                "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", *words]

    def run(self, *words, user=None, check=True, script=None):
        done = subprocess.run(self.command(*words, user=user), input=script, capture_output=True, text=True, check=False)
        if check and done.returncode != 0:
            raise AssertionError(f"{words}: {done.stdout}{done.stderr}")
        return done

    def has(self, path):
        return self.run("test", "-e", path, check=False).returncode == 0

    def stop(self):
        self._holder.kill()
        self._holder.wait()


class Unit:
    """A unit as it lies in the system."""

    def __init__(self, system, path):
        self._system = system
        parser = configparser.RawConfigParser(strict=False, interpolation=None)
        parser.optionxform = str
        parser.read_string(system.run("cat", path).stdout)
        self.service = dict(parser["Service"])

    def start(self, *arguments):
        """What systemd does: the folders, then the programs, as the user."""
        user = self.service["User"]
        self._system.run("install", "-d", "-o", user, "-g", user, "-m", self.service["StateDirectoryMode"],
                         "/var/lib/" + self.service["StateDirectory"])
        self._system.run(*shlex.split(self.service["ExecStartPre"]), user=user)
        return Gateway(command=self._system.command(*shlex.split(self.service["ExecStart"]), *arguments, user=user))
