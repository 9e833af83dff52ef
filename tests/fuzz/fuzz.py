"""Starts the program on a database of its own, and lets schemathesis ask it as every role at once."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib import request

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LMI", ROOT / "target/debug/lmi"))
PASSWORD = "quixotic alder under a lantern"
# What an account of each role takes besides.
ROLES = {
    "PUBLIC": None,
    "PARTNER": ["--organization", "{organization}"],
    "TEAM_LEAD": ["--district", "{district}"],
    "ORGANIZER": ["--organization", "{organization}"],
    "EVALUATOR": [],
    "STAFF": [],
    "AUDITOR": [],
    "ADMIN": [],
}
# Seconds within which the smallest question is answered, whatever else is asked meanwhile. What was not optimized is given more.
PATIENCE = 2.0 if "release" in PROGRAM.parts else 10.0


def ask(url, document):
    """The data of an answer."""
    body = json.dumps({"query": document}).encode()
    asked = request.Request(url, body, {"content-type": "application/json"})
    with request.urlopen(asked, timeout=30) as answer:
        return json.load(answer)["data"]


class Service:
    """The program, on data of its own, with an account of each role."""

    def __init__(self, folder):
        self.folder, self.log = Path(folder), Path(folder) / "log"
        # The private database server may run as another user.
        self.folder.chmod(0o755)
        self.settings = {**os.environ, "LMI_DATA_DIR": str(self.folder / "data"), "LMI_RATE_LIMIT": "0"}
        self.settings.update(LMI_LISTEN="127.0.0.1:0", LMI_LOG="warn,lmi=warn")
        self.settings.pop("DATABASE_URL", None)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([PROGRAM], env=self.settings, stdout=log, stderr=log)
        self.url = self.address() + "/graphql"

    def address(self):
        while self.process.poll() is None:
            if found := re.search(r"http://127\.0\.0\.1:\d+", self.log.read_text()):
                return found.group()
            time.sleep(0.2)
        sys.exit(f"the service did not start:\n{self.log.read_text()}")

    def make_accounts(self, roles):
        """An account of each role, where a role needs a place in one that is there."""
        known = ask(self.url, "{ organizations(first: 1) { nodes { slug } } districts(first: 1) { nodes { slug } } }")
        places = {name: known[name + "s"]["nodes"][0]["slug"] for name in ("organization", "district")}
        for role in roles:
            if ROLES[role] is None:
                continue
            scope = [word.format(**places) for word in ROLES[role]]
            who = ["--email", email(role), "--name", f"Quixotic {role.title()}", "--role", role]
            command = [PROGRAM, "account", "create", *who, *scope]
            subprocess.run(command, env=self.settings, input=PASSWORD.encode(), check=True, stdout=subprocess.DEVNULL)

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


class Probe(threading.Thread):
    """Asks the smallest question again and again, and notes how long the longest answer took."""

    def __init__(self, url):
        super().__init__(daemon=True)
        self.url, self.longest, self.asked, self.over = url, 0.0, 0, threading.Event()

    def run(self):
        while not self.over.is_set():
            began = time.monotonic()
            ask(self.url, "{ __typename }")
            self.longest = max(self.longest, time.monotonic() - began)
            self.asked += 1
            self.over.wait(0.25)


def email(role):
    return f"{role.lower()}@example.org"


def sign_in(service, role):
    """What a role goes on with. It signs in before anybody guesses at passwords from the same network, who then all have to wait."""
    if ROLES[role] is None:
        return None
    given = f"email: {json.dumps(email(role))}, password: {json.dumps(PASSWORD)}"
    return ask(service.url, f"mutation {{ signIn(input: {{ {given} }}) {{ refreshToken }} }}")["signIn"]["refreshToken"]


def fuzz(service, role, token, seconds):
    """Begins to ask as a role; what comes of it stands in a file."""
    settings = {**os.environ, "SCHEMATHESIS_HOOKS": str(ROOT / "tests/fuzz/hooks.py"), "FUZZ_URL": service.url}
    settings.update(FUZZ_COUNTS=str(service.folder / f"{role}.counts"), HYPOTHESIS_STORAGE_DIRECTORY=str(service.folder))
    if token is not None:
        settings.update(FUZZ_TOKEN=token)
    command = [sys.executable, "-m", "schemathesis.cli", "run", service.url]
    command += ["--phases", "fuzzing", "--checks", "only_what_is_promised", "--max-time", str(seconds)]
    command += ["--mode", "positive", "--max-examples", "20", "--suppress-health-check", "all", "--continue-on-failure", "--request-timeout", "30"]
    command += ["--no-color", "--warnings", "off", "--report-dir", str(service.folder / role), "--no-shrink"]
    if seed := os.environ.get("FUZZ_SEED"):
        command += ["--seed", seed]
    told = (service.folder / f"{role}.out").open("wb")
    # Whoever asks must not keep from running who answers.
    whole = ["nice", "-n", "10", *command]
    return subprocess.Popen(whole, env=settings, cwd=service.folder, stdout=told, stderr=subprocess.STDOUT)


def report(service, role, running):
    """Says what came of a role; whether all was well."""
    try:
        counts = json.loads((service.folder / f"{role}.counts").read_text())
    except FileNotFoundError:
        counts = {}
    asked = counts.pop("asked", 0)
    codes = ", ".join(f"{code} {count}" for code, count in sorted(counts.items(), key=lambda one: -one[1]))
    is_well = running.returncode == 0 and asked > 0
    print(f"{'ok  ' if is_well else 'FAIL'}  {role}: {asked} requests; {codes}", flush=True)
    if not is_well:
        print((service.folder / f"{role}.out").read_text(errors="replace")[-20_000:])
    return is_well


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 180
    roles = sys.argv[2:] or list(ROLES)
    folder = tempfile.mkdtemp(prefix="lmi-fuzz-")
    service = Service(folder)
    try:
        service.make_accounts(roles)
        probe = Probe(service.url)
        probe.start()
        tokens = {role: sign_in(service, role) for role in roles}
        running = {role: fuzz(service, role, token, seconds) for role, token in tokens.items()}
        for process in running.values():
            # What it is in the middle of when its time is over comes to its end.
            process.wait(seconds + 300)
        probe.over.set()
        probe.join(PATIENCE * 10)
        is_well = all([report(service, role, process) for role, process in running.items()])
        after = ask(service.url, "{ __typename }")["__typename"] == "Query" and service.process.poll() is None
    finally:
        service.stop()
    is_quick = probe.longest < PATIENCE and not probe.is_alive()
    print(f"{probe.asked} times {{ __typename }} was answered meanwhile, within {probe.longest:.2f} s")
    if faults := [line for line in service.log.read_text().splitlines() if " ERROR " in line or "panicked" in line]:
        print("\n".join(["the log has:", *faults[:20]]))
    if not (is_well and is_quick and after and not faults):
        sys.exit(f"what was found stands in {folder}")
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
