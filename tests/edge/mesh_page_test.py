"""Every command of docs/mesh.md is run, in order and in one shell, with free ports and in a folder of the test's."""

import os
import re
import signal
import socket
import subprocess

from mesh.mesh import ROOT

PAGE = (ROOT / "docs/mesh.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|text)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PORTS = ("8080", "3000", "50051", "50052", "9464", "9465", "8443", "9901")
MARK = "--- end of block {} ---"


def free_ports():
    """One for each of PORTS, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in PORTS]
    ports = [str(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return dict(zip(PORTS, ports))


def test_the_commands_of_the_page_make_a_mesh_and_say_what_it_says(tmp_path):
    ports = free_ports()
    script = "set -eo pipefail\n"
    for number, (kind, text) in enumerate(BLOCKS):
        if kind == "sh":
            script += f"{text}\necho '{MARK.format(number)}'\n"
    script = script.replace("$PWD/build/mesh", str(tmp_path))
    script = re.sub(rf"\b({'|'.join(PORTS)})\b", lambda found: ports[found[0]], script)
    shell = subprocess.Popen(["bash"], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             start_new_session=True, env={name: value for name, value in os.environ.items() if not name.startswith("RELAIS_")})
    try:
        # What still runs at the end would hold the output open.
        said, _ = shell.communicate(script + "\nkill $(jobs -p)\n", timeout=180)
    finally:
        try:
            os.killpg(shell.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    compared, begin = 0, 0
    for number, (kind, text) in enumerate(BLOCKS):
        if kind == "sh":
            assert MARK.format(number) in said, f"block {number} failed:\n{text}\n{said[-3000:]}"
            begin, end = said.rfind("--- end of block", 0, said.index(MARK.format(number))), said.index(MARK.format(number))
            block = said[max(begin, 0):end]
            continue
        position = 0
        for line in text.strip().splitlines():
            position = block.find(line.strip(), position)
            assert position >= 0, f"{line!r} is not, or not in this order, in what block {number - 1} said:\n{block}"
            compared += 1
    assert compared >= 6
