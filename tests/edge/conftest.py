"""What all tests of the front share. Run by `make test-edge`."""

import importlib.util
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "clients/scenarios"), str(ROOT / "tests/edge/attacks")]  # what starts programs, HTTP/2 by hand


def take_client():
    """The Python client of this tree, which as a package is made of two folders."""
    folders = [str(ROOT / "clients/python" / part / "relais") for part in ("src", "gen")]
    spec = importlib.util.spec_from_file_location("relais", f"{folders[0]}/__init__.py", submodule_search_locations=folders)
    sys.modules["relais"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["relais"])


take_client()

import pytest  # noqa: E402

from mesh.mesh import Mesh  # noqa: E402


@pytest.fixture(scope="session")
def mesh():
    with Mesh() as running:
        yield running
