"""The packages as a new user has them: built, installed in a clean environment outside the tree, the README pasted."""

import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile

import pytest
from gateway import ROOT

CLIENT = ROOT / "clients/python"
WHEELS = ROOT / ".deps/python-wheels"
# protobuf says of stubs that an older major has made that it supports them: once, when it loads the first.
GENCODE = "ignore:Protobuf gencode version"


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    # Elsewhere: setuptools leaves its own copies where it builds.
    shutil.copytree(CLIENT, folder / "source", ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__"))
    subprocess.run([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, folder / "source"], check=True,
                   stdout=subprocess.DEVNULL)
    return folder


def fresh(folder, package, end):
    """The interpreter of a new environment with `package` and the `end` of what it may depend on."""
    venv.create(folder, with_pip=True)
    python = folder / "bin/python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-index", f"--find-links={WHEELS / end}", package], check=True,
                   cwd=folder, env={**clean_environment(), "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    return python


def clean_environment():
    return {name: value for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "PIP_")) and not name.lower().endswith("_proxy")}


@pytest.fixture(scope="module", params=[("*.whl", "newest"), ("*.tar.gz", "oldest")], ids=["wheel-newest", "sdist-oldest"])
def user(request, packages, tmp_path_factory):
    """Runs Python text or files as a user, every warning an error."""
    pattern, end = request.param
    folder = tmp_path_factory.mktemp("user")
    python = fresh(folder / "venv", next(packages.glob(pattern)), end)

    def run(*words):
        done = subprocess.run([python, "-W", "error", "-W", GENCODE, *words], cwd=folder,
                              env=clean_environment(), capture_output=True, text=True, timeout=120)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    return run


def blocks():
    return re.findall(r"```python\n(.*?)```", (CLIENT / "README.md").read_text(), re.S)


def test_the_first_call_of_the_readme_is_short_and_works(user, target):
    first = blocks()[0]
    assert len(first.splitlines()) < 30
    assert "67000 STRASBOURG" in user("-c", first.replace("localhost:50051", target))


def test_asyncio_of_the_readme_works(user, target):
    assert "all told" in user("-c", blocks()[1].replace("localhost:50051", target))


@pytest.mark.parametrize("example, words, said", [
    ("recordsql_rows", [], "5000 rows"), ("jobqueue_import", ["files"], "succeeded: True"),
    ("robot_start", [], "succeeded: True"), ("campaign_launch", [], "succeeded: True"),
    ("exports_run", ["postcodes.csv"], "succeeded: True")])
def test_examples_work(user, target, example, words, said):
    assert said in user(CLIENT / "examples" / f"{example}.py", target, *words)


def test_the_wheel_is_pure_and_has_stubs_and_types(packages):
    wheel = next(packages.glob("*.whl"))
    assert wheel.name.endswith("-py3-none-any.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for word in ("recordsql", "jobqueue", "robot", "campaign", "exports"):
        assert {f"relais/{word}/v1/{word}_pb2.py", f"relais/{word}/v1/{word}_pb2.pyi",
                f"relais/{word}/v1/{word}_pb2_grpc.py"} <= names
    assert "relais/py.typed" in names and not [name for name in names if "test" in name]
