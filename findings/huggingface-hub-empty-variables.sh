#!/usr/bin/env bash
# Guess: an environment variable that is set and empty counts as unset, as in most of the hub client's relatives; and of two
# variables that ask for offline work, either one is enough.
# Observed with huggingface_hub 2.4.0: HF_HOME="" puts the cache into the folder "hub" of the working directory; HF_HUB_OFFLINE=0
# beats TRANSFORMERS_OFFLINE=1, an empty HF_HUB_OFFLINE does not.
# Output seen:
#   HF_HOME='': cache hub, offline False
#   HF_HUB_OFFLINE='0' TRANSFORMERS_OFFLINE='1': cache HOME/.cache/huggingface/hub, offline False
#   HF_HUB_OFFLINE='' TRANSFORMERS_OFFLINE='1': cache HOME/.cache/huggingface/hub, offline True
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check huggingface_hub==2.4.0
mkdir "$work/home"
cd "$work/home"
"$work/venv/bin/python" - <<'PYTHON'
import os
import subprocess
import sys

program = (
    "from huggingface_hub import constants as c; "
    "print(c.HF_HUB_CACHE, c.HF_HUB_OFFLINE, sep='\\n')"
)
home = os.getcwd()
inherited = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "HUGGING", "TRANSFORMERS_", "XDG_"))}


def seen(**variables):
    environment = inherited | {"HOME": home} | variables
    output = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    cache, offline = output.stdout.split()
    cache = cache.replace(home, "HOME")
    names = " ".join(f"{name}={value!r}" for name, value in variables.items())
    print(f"{names}: cache {cache}, offline {offline}")
    return cache, offline


usual = "HOME/.cache/huggingface/hub"
assert seen(HF_HOME="") == ("hub", "False"), "the behaviour has changed"
assert seen(HF_HUB_OFFLINE="0", TRANSFORMERS_OFFLINE="1") == (usual, "False"), "the behaviour has changed"
assert seen(HF_HUB_OFFLINE="", TRANSFORMERS_OFFLINE="1") == (usual, "True"), "the behaviour has changed"
PYTHON
