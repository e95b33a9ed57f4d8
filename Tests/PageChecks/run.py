"""Checks of the page of `hrm serve` in a browser.

Usage: run.py HRM FOLDER [--only NAME] [--shots FOLDER] [--url URL --trace FILE]. HRM is the built command;
FOLDER is written into. With --url, a server that is running already is used, and checks that need to
start trainings are left out. Ends with status 1 if a check fails.
"""

import argparse
import importlib.util
import re
import signal
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

import checks
from browser import Browser, program

NEEDS_RUNS = {"live_runs", "plot_file", "lost_connection"}


class Site:
    """The server, and what the checks start beside it."""

    def __init__(self, hrm, folder, axe, shots):
        self.hrm, self.folder, self.axe, self.shots = hrm, folder, axe, shots
        self.runs = folder / "runs"
        self.runs.mkdir()
        self.downloads = folder / "downloads"
        self.downloads.mkdir()
        self.trace = folder / "trace.html"
        self.port = 0
        self.server = None
        self.trainings = []

    def prepare(self):
        self.call("trace", "--html", self.trace, checks.NEWSPAPER)
        self.call("prepare", "sudoku", "--generate", "300", "--test-size", "20", "--size", "4", "--givens", "8",
                  "--output", self.folder / "data")
        self.start()

    def call(self, *arguments):
        subprocess.run([self.hrm, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)

    def start(self):
        self.server = subprocess.Popen([self.hrm, "serve", "--runs", str(self.runs), "--port", str(self.port)],
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.server.stdout:
            if found := re.search(r"http://[^\s]+:(\d+)\S*", line):
                self.url, self.port = found[0].rstrip(".,"), int(found[1])
                if not self.url.endswith("/"):
                    self.url += "/"
                break
        else:
            raise AssertionError("the server ended without telling its address")
        threading.Thread(target=self.server.stdout.read, daemon=True).start()

    def restart(self):
        self.stop_server()
        time.sleep(2)
        self.start()

    def stop_server(self):
        if self.server:
            self.server.send_signal(signal.SIGINT)
            self.server.wait(30)
            self.server = None

    def train(self, name, steps=100_000, seed=0):
        training = subprocess.Popen(
            [self.hrm, "train", "--data", str(self.folder / "data"), "--output", str(self.runs / name), "--preset", "demo",
             "--steps", str(steps), "--seed", str(seed), "--workers", "1", "--evaluation-limit", "16", "--set", "eval_interval=20",
             "--set", "global_batch_size=8"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.trainings.append(training)
        return training

    def close(self):
        for training in self.trainings:
            if training.poll() is None:
                training.kill()
                training.wait()
        self.stop_server()


def accessibility_checker():
    """The source of axe-core from the package that bundles it; the package itself is not imported."""
    place = importlib.util.find_spec("axe_playwright_python")
    return (Path(place.origin).parent / "axe.min.js").read_text() if place else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hrm")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", action="append")
    parser.add_argument("--shots", type=Path)
    parser.add_argument("--url")
    parser.add_argument("--trace", type=Path)
    options = parser.parse_args()
    axe = accessibility_checker()
    if not axe:
        sys.exit("axe-core is missing: install axe-playwright-python")
    if options.shots:
        options.shots.mkdir(exist_ok=True)
    options.folder.mkdir(exist_ok=True)
    site = Site(options.hrm, options.folder, axe, options.shots)
    failed = []
    browser = None
    try:
        if options.url:
            site.url, site.trace = options.url, options.trace
        else:
            site.prepare()
        browser = Browser(program("chromium", "chromium-browser"), program("chromedriver"), site.downloads)
        browser.set_width(1280)
        for check in checks.ALL:
            if options.only and check.__name__ not in options.only:
                continue
            if options.url and check.__name__ in NEEDS_RUNS:
                print(f"SKIPPED {check.__doc__}: needs a server with runs")
                continue
            try:
                check(browser, site)
                browser.collect()
                assert not browser.failures, "\n".join(browser.failures)
                print(f"ok  {check.__doc__}", flush=True)
            except Exception:
                failed.append(check.__name__)
                print(f"FAILED  {check.__doc__}\n{traceback.format_exc(limit=-3)}", flush=True)
                if options.shots:
                    browser.screenshot(options.shots / f"failed-{check.__name__}.png")
            browser.failures = []
    finally:
        if browser:
            browser.close()
        site.close()
    if failed:
        sys.exit(f"{len(failed)} checks failed: {', '.join(failed)}")


main()
