"""What is committed: made files are not stale, public types hold."""

import pathlib
import subprocess
import sys

from gateway import ROOT

CLIENT = ROOT / "clients/python"


def test_what_is_made_is_not_stale():
    subprocess.run([sys.executable, CLIENT / "generate", "--check"], check=True)


def merged(folder):
    """The package in one folder, as the wheel has it."""
    for tree in ("src", "gen"):
        for path in (CLIENT / tree / "relais").rglob("*.py*"):
            if path.suffix != ".pyc":
                to = folder / "relais" / path.relative_to(CLIENT / tree / "relais")
                to.parent.mkdir(parents=True, exist_ok=True)
                to.write_bytes(path.read_bytes())
    (folder / "relais/py.typed").touch()


def mypy(folder, *words):
    done = subprocess.run([sys.executable, "-m", "mypy", "--config-file", CLIENT / "pyproject.toml",
                           f"--cache-dir={folder / '.mypy'}", *words], cwd=folder, capture_output=True, text=True)
    return done.stdout + done.stderr


def test_types_hold_for_the_package_and_its_users(tmp_path):
    merged(tmp_path)
    assert "Success" in mypy(tmp_path, "relais/__init__.py", "relais/_aio", "relais/_sync", "relais/_aio_methods", "relais/_sync_methods")
    user = pathlib.Path(__file__).with_name("typed_user.py").read_text()
    (tmp_path / "user.py").write_text(user)
    assert "Success" in mypy(tmp_path, "user.py")
    (tmp_path / "wrong.py").write_text(user.replace("GetJobRequest", "ListJobsRequest"))
    assert "incompatible type" in mypy(tmp_path, "wrong.py")


def test_examples_have_right_types(tmp_path):
    merged(tmp_path)
    assert "Success" in mypy(tmp_path, *map(str, sorted((CLIENT / "examples").glob("*.py"))), "--scripts-are-modules")
