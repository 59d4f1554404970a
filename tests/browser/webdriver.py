"""A browser without a screen, driven by WebDriver over HTTP: Debian's Chromium and its driver."""

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

WAIT_SECONDS = 40
AXE = os.path.join(".deps", "browser", "node_modules", "axe-core", "axe.min.js")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # as WebDriver writes a reference to one
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Space": " ", "Escape": "\ue00c"}


def eventually(read, what="it"):
    """What `read` gives once that is true."""
    end = time.monotonic() + WAIT_SECONDS
    while True:
        value = read()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} has not come within {WAIT_SECONDS} s")
        time.sleep(0.05)


class Browser:
    """One window, from construction until `close`. Proxies of the environment are not used. `more` are further arguments of
    Chromium."""

    def __init__(self, width=1280, height=900, more=()):
        self._http = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self._profile = tempfile.mkdtemp(prefix="relais-browser-")
        self._driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self._session = None
        try:
            self._root = f"http://127.0.0.1:{self._port()}"
            arguments = ["--headless=new", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage",
                         "--hide-scrollbars", "--no-proxy-server", "--force-device-scale-factor=1",
                         f"--user-data-dir={self._profile}", f"--window-size={width},{height}", *more]
            if os.geteuid() == 0:
                arguments.append("--no-sandbox")  # Chromium's own refuses to run as root
            options = {"args": arguments}
            wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
            made = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
            self._session = made["sessionId"]
            self.resize(width, height)
        except BaseException:
            self.close()
            raise

    def _port(self):
        for line in self._driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                return found.group(1)
        raise AssertionError("chromedriver ended before it listened")

    def _call(self, method, path, body=None):
        url = self._root + (f"/session/{self._session}" if self._session else "") + path
        data = json.dumps(body).encode() if method == "POST" else None
        request = urllib.request.Request(url, data=data, method=method)
        try:
            with self._http.open(request, timeout=120) as reply:
                return json.load(reply)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(json.load(error)["value"]["message"]) from None

    def close(self):
        """Ends the browser and its driver."""
        try:
            if self._session:
                self._call("DELETE", "")
        finally:
            self._driver.terminate()
            self._driver.wait()
            self._driver.stdout.close()
            shutil.rmtree(self._profile, ignore_errors=True)

    def open(self, url):
        self._call("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """What the body of a function of JavaScript returns; of a promise, what it comes to."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def devtools(self, command, **parameters):
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def resize(self, width, height, phone=False):
        """The size of the page itself; a phone has touch and scrolls over its whole width."""
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)

    def prefer(self, scheme):
        """`light` or `dark`, as the system would tell the page."""
        self.devtools("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}])

    def press(self, key):
        """A key of KEYS, or a character, for what has the focus."""
        key = KEYS.get(key, key)
        keys = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": keys}]})

    def text(self, selector):
        """What is seen of the first element, with white space as one blank; none: None."""
        return self.run("const found = document.querySelector(arguments[0]);"
                        "return found && found.innerText.replace(/\\s+/g, ' ').trim()", selector)

    def click(self, selector):
        element = self._call("POST", "/element", {"using": "css selector", "value": selector})
        self._call("POST", f"/element/{element[ELEMENT]}/click", {})

    def errors(self):
        """What the console has said since the last time, with what the page may not load; without its notes."""
        lines = self._call("POST", "/se/log", {"type": "browser"})
        return [line["message"] for line in lines if line["level"] in ("SEVERE", "WARNING")]

    def barriers(self):
        """What axe-core finds wrong, a line for each: rule, place and why."""
        with open(AXE, encoding="utf-8") as script:
            self.run(script.read() + "\n;return null")
        found = self.run("return axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', "
                         "'best-practice']}).then((result) => result.violations)")
        return [f"{rule['id']}: {' '.join(node['target'])}: {node['failureSummary']}"
                for rule in found for node in rule["nodes"]]

    def picture(self, path, height=None):
        """A PNG of the page, or of its first `height` pixels."""
        shot = {"format": "png", "captureBeyondViewport": True}
        if height:
            width = self.run("return document.documentElement.clientWidth")
            shot["clip"] = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        with open(path, "wb") as out:
            out.write(base64.b64decode(self.devtools("Page.captureScreenshot", **shot)["data"]))
