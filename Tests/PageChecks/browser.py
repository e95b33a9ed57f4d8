"""A browser without a window, and what the checks ask of it."""

import base64
import contextlib
import json
import shutil
import time

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

PATIENCE = 60  # seconds until something that must happen counts as missing; no speed is asserted


class Browser:
    """Chromium, driven through WebDriver."""

    def __init__(self, binary, driver, downloads, dark=False):
        options = webdriver.ChromeOptions()
        options.binary_location = binary
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"):
            options.add_argument(argument)
        options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.web = webdriver.Chrome(options=options, service=Service(driver))
        self.failures = []
        self.set_colors(dark)

    def close(self):
        self.web.quit()

    def set_colors(self, dark, reduced_motion=False):
        self.web.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if reduced_motion else "no-preference"},
        ]})

    def set_width(self, width, height=900):
        self.web.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})

    def open(self, url):
        self.collect()
        self.web.get("about:blank")
        self.web.get(url)

    def script(self, text, *arguments):
        return self.web.execute_script(text, *arguments)

    def wait(self, condition, what):
        """Waits until a function returns something true, and returns that."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(StaleElementReferenceException):
                if result := condition():
                    return result
            time.sleep(0.05)
        raise AssertionError(f"{what}: not seen; the page says {self.script('return document.querySelector(`main`).innerText')[:800]!r}")

    def find(self, selector):
        return self.wait(lambda: self.web.find_elements(By.CSS_SELECTOR, selector), selector)[0]

    def all(self, selector):
        return self.web.find_elements(By.CSS_SELECTOR, selector)

    def button(self, text):
        """A visible button by its text."""
        return self.wait(lambda: [b for b in self.all("button") if b.is_displayed() and b.text.strip() == text], f"the button {text}")[0]

    def keys(self, *keys):
        webdriver.ActionChains(self.web).send_keys(*keys).perform()

    def chord(self, modifier, key):
        webdriver.ActionChains(self.web).key_down(modifier).send_keys(key).key_up(modifier).perform()

    def paste(self, text):
        """Pastes a text on the page, outside of text fields."""
        self.script("""
            const data = new DataTransfer();
            data.setData("text", arguments[0]);
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        """, text)

    def cells(self, board=".stage .board"):
        """The texts of a board's cells."""
        return self.script("""
            const board = document.querySelector(arguments[0]);
            return [...(board?.querySelectorAll(".cell") ?? [])].map((cell) => cell.querySelector(".notes") ? "" : cell.textContent);
        """, board)

    def message(self):
        return self.script("return document.querySelector('main .message')?.textContent ?? ''")

    def screenshot(self, path):
        shot = self.web.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "format": "png"})
        path.write_bytes(base64.b64decode(shot["data"]))

    def collect(self):
        """Notes errors of the console and failed requests since the last call."""
        for entry in self.web.get_log("browser"):
            if entry["level"] in ("SEVERE", "WARNING"):
                self.failures.append(f"console: {entry['message']}")
        for entry in self.web.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            parameters = message["params"]
            if message["method"] == "Network.responseReceived" and parameters["response"]["status"] >= 400:
                self.failures.append(f"request: {parameters['response']['status']} {parameters['response']['url']}")
            # What the page itself ends, such as a stream that is no longer wanted, has not failed.
            if message["method"] == "Network.loadingFailed" and not parameters.get("canceled"):
                self.failures.append(f"request: {parameters['errorText']} {parameters.get('type')}")
            if message["method"] == "Network.requestWillBeSent":
                url = parameters["request"]["url"]
                if not url.startswith(("http://127.0.0.1", "http://localhost", "http://[::1]", "data:", "blob:", "about:", "file:")):
                    self.failures.append(f"request to elsewhere: {url}")

    def accessibility(self, axe):
        """The findings of axe-core on the page as it is now."""
        if not self.script("return Boolean(window.axe)"):
            # Beside the page's policy, as a tool of the developer's does it.
            self.web.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})
        result = self.web.execute_async_script("""
            const done = arguments[arguments.length - 1];
            axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
                .then((found) => done(found.violations.map((one) => `${one.id}: ${one.help} (${one.nodes.slice(0, 3).map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).join("; ")})`)),
                      (error) => done([String(error)]));
        """)
        return result


def program(*names):
    return next((path for name in names if (path := shutil.which(name))), None)


__all__ = ["Browser", "By", "Keys", "PATIENCE", "program"]
