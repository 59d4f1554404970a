"""The pages that the front serves, in a browser: nothing is loaded from elsewhere, and robots are watched through gRPC-Web."""

import sys

import pytest
import relais
from mesh.mesh import ROOT
from relais.robot.v1 import robot_pb2

sys.path.insert(0, str(ROOT / "tests/browser"))

import webdriver  # noqa: E402

FOLDER = "orchestrators/sandbox/folders/Shared"


@pytest.fixture(scope="module")
def browser():
    webdriver.AXE = str(ROOT / webdriver.AXE)
    # The authority of the front's certificate is one of this test only.
    made = webdriver.Browser(more=["--ignore-certificate-errors"])
    yield made
    made.close()


def watch(browser, mesh, token):
    browser.open(f"https://localhost:{mesh.front.port}/robots")
    browser.run("document.querySelector('#token').value = arguments[0]", token)
    browser.click("button")


def states(browser):
    return dict(browser.run("return [...document.querySelectorAll('#robots tr')].map((row) => [row.cells[0].textContent, row.cells[1].textContent])"))


def test_a_page_watches_robots_and_sees_one_begin_to_work(mesh, browser):
    with relais.connect(mesh.target, tls=relais.Tls(roots=mesh.callers.pem), token=mesh.token("administrator")) as client:
        watch(browser, mesh, mesh.token("reader"))
        webdriver.eventually(lambda: "Watching" in browser.text("#state"), "the set of robots")
        known = {robot.display_name or robot.name for robot in client.list(client.robot.ListRobots, robot_pb2.ListRobotsRequest(parent=FOLDER))}
        assert set(states(browser)) >= known or len(states(browser)) == len(known)
        before = states(browser)
        process = next(iter(client.list(client.robot.ListProcesses, robot_pb2.ListProcessesRequest(parent=FOLDER))))
        client.robot.StartJobs(robot_pb2.StartJobsRequest(
            process=process.name, strategy=robot_pb2.StartJobsRequest.STRATEGY_MODERN_JOBS_COUNT, jobs_count=1))
        webdriver.eventually(lambda: states(browser) != before, "a robot that works")
    assert browser.errors() == [] and browser.barriers() == []


def test_a_page_goes_on_when_its_gateway_is_restarted(mesh, browser):
    watch(browser, mesh, mesh.token("reader"))
    webdriver.eventually(lambda: "Watching" in browser.text("#state"), "the set of robots")
    count = len(states(browser))
    browser.run("window.said = []; new MutationObserver(() => window.said.push(document.querySelector('#state').textContent))"
                ".observe(document.querySelector('#state'), {childList: true, characterData: true, subtree: true})")
    for gateway in mesh.gateways:
        gateway.stop()
        gateway.start()
        mesh.front.await_stat("cluster.gateways.membership_healthy", len(mesh.gateways))
    webdriver.eventually(lambda: browser.run("return window.said.some((text) => text.startsWith('Connecting again'))"), "a cut")
    webdriver.eventually(lambda: "Watching" in browser.text("#state"), "the set of robots again")
    assert len(states(browser)) == count


def test_a_page_says_who_may_not_watch(mesh, browser):
    watch(browser, mesh, mesh.token())
    webdriver.eventually(lambda: "PermissionDenied" in browser.text("#state"), "a refusal")
    watch(browser, mesh, "nonsense")
    webdriver.eventually(lambda: "Unauthenticated" in browser.text("#state"), "a refusal")


def test_the_reference_shows_every_service_and_loads_nothing_from_elsewhere(mesh, browser):
    browser.open(f"https://localhost:{mesh.front.port}/reference")
    browser.errors()
    webdriver.eventually(lambda: browser.run("return document.querySelectorAll('.opblock-tag').length") == 5, "the services")
    loaded = browser.run("return performance.getEntriesByType('resource').map((one) => one.name)")
    assert loaded and all(name.startswith((f"https://localhost:{mesh.front.port}/", "data:")) for name in loaded), loaded
    assert browser.errors() == []


def test_scripts_are_made_of_what_is_here(mesh):
    assert b"watchRobots" in mesh.request("GET", "/robots/robots.js", role=None)[2]
    assert (ROOT / "deploy/envoy/web/robots.html").read_bytes() == mesh.request("GET", "/robots", role=None)[2]
