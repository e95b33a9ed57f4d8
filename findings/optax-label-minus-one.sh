#!/usr/bin/env bash
# Guess: in a loss over integer labels, every negative label is out of range and gives NaN, as PyTorch's ignored -100 does here.
# Observed with optax 0.2.8 on jax 0.10.2: labels from -1 to -V count from the end, so that -1, a common mark for "ignore", is
# silently the last class; only labels beyond -V or from V on give NaN.
# Output seen:
#   label 2: 0.4076059
#   label -1: 0.4076059
#   label -100: nan
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check optax==0.2.8 jax==0.10.2 jaxlib==0.10.2
"$work/venv/bin/python" - <<'PYTHON'
import jax.numpy as jnp
import optax

logits = jnp.array([1.0, 2.0, 3.0])
loss = {
    label: float(optax.losses.softmax_cross_entropy_with_integer_labels(logits, jnp.array(label)))
    for label in (2, -1, -100)
}
for label, value in loss.items():
    print(f"label {label}: {value:.7g}")
assert loss[-1] == loss[2] and loss[-100] != loss[-100], "the behaviour has changed"
PYTHON
