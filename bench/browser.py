"""Headless Chromium, driven through the DevTools protocol: opens a page, runs scripts, presses keys."""

import base64
import json
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

import websocket

_FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-allow-origins=*")
_DOMAINS = ("Page", "Runtime", "Log", "Network")


class Browser:
    """One page; *folder* is for the profile, and has to be empty."""

    def __init__(self, folder: Path, width: int = 1400, height: int = 900) -> None:
        command = [
            "chromium",
            *_FLAGS,
            "--remote-debugging-port=0",
            f"--user-data-dir={folder}",
            "about:blank",
        ]
        self._log = (folder / "log").open("w")
        self._process = subprocess.Popen(command, stderr=self._log, stdout=subprocess.DEVNULL)
        port = self._wait_for(folder / "DevToolsActivePort").split()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
            page = next(target for target in json.load(answer) if target["type"] == "page")
        self._socket = websocket.create_connection(page["webSocketDebuggerUrl"], timeout=120)
        self._number = 0
        self.events: list[dict[str, Any]] = []
        for domain in _DOMAINS:
            self.call(f"{domain}.enable")
        self.resize(width, height)

    @staticmethod
    def _wait_for(file: Path) -> str:
        for _ in range(300):
            if file.exists() and file.read_text():
                return file.read_text()
            time.sleep(0.1)
        raise TimeoutError("Chromium did not start")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method of the protocol, and keep the events that come before its answer."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == self._number:
                if "error" in message:
                    raise RuntimeError(message["error"])
                return dict(message["result"])
            self.events.append(message)

    def resize(self, width: int, height: int, *, mobile: bool = False) -> None:
        """Set the size of the window in pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile}
        self.call("Emulation.setDeviceMetricsOverride", **size)

    def prefer(self, scheme: str) -> None:
        """Let the system prefer *scheme*: "light" or "dark"."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", features=features)

    def open(self, path: Path) -> None:
        """Open a file, and wait until it is loaded; earlier events are forgotten."""
        self.events.clear()
        self.call("Page.navigate", url=path.resolve().as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(json.loads(self._socket.recv()))

    def js(self, expression: str) -> Any:
        """Return the value of an expression; promises are awaited."""
        wanted = {"returnByValue": True, "awaitPromise": True, "userGesture": True}
        answer = self.call("Runtime.evaluate", expression=expression, **wanted)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def wait(self, milliseconds: int = 150) -> None:
        """Let timers, and what comes near the window, have their turn."""
        self.js(f"new Promise(done => setTimeout(done, {milliseconds}))")

    def show(self, fragment: str) -> None:
        """Go to a part of the page, and wait until it is drawn."""
        self.js(f"location.hash = {json.dumps(fragment)}")
        self.wait()

    def press(self, key: str) -> None:
        """Press and release a key."""
        for kind in ("keyDown", "keyUp"):
            text = key if len(key) == 1 and kind == "keyDown" else ""
            self.call("Input.dispatchKeyEvent", type=kind, key=key, text=text)
        self.wait()

    def type(self, text: str) -> None:
        """Write *text* into the search of the page."""
        self.js(f"search.value = {json.dumps(text)}; search.dispatchEvent(new Event('input'))")
        self.wait(300)

    def screenshot(self) -> bytes:
        """Return the window as PNG."""
        self.wait(250)
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def print(self) -> bytes:
        """Return the page as PDF."""
        printed = self.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)
        return base64.b64decode(printed["data"])

    @property
    def requests(self) -> list[str]:
        """The addresses that the page asked for, its own included."""
        found = [event for event in self.events if event.get("method") == "Network.requestWillBeSent"]
        return [str(event["params"]["request"]["url"]) for event in found]

    @property
    def complaints(self) -> list[dict[str, Any]]:
        """Whatever the console shows as an error or a warning."""
        noisy = [event for event in self.events if event.get("method") == "Runtime.exceptionThrown"]
        logged = [event for event in self.events if event.get("method") == "Log.entryAdded"]
        called = [event for event in self.events if event.get("method") == "Runtime.consoleAPICalled"]
        noisy += [event for event in logged if event["params"]["entry"]["level"] in ("error", "warning")]
        return noisy + [
            event for event in called if event["params"]["type"] in ("error", "warning", "assert")
        ]

    def close(self) -> None:
        """End the browser."""
        self._socket.close()
        self._process.terminate()
        self._process.wait(20)
        self._log.close()
