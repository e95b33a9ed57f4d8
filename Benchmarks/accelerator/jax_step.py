"""The training step of the 27M HRM in JAX: segment, Q target, stablemax losses, backward pass through
the last two module applications, AdamATan2, SignSGD. Prints the seconds of each timed step.

    python jax_step.py --batch 32 --steps 5 [--dtype bfloat16] [--plugin /path/to/plugin.so]

Needs jax; with --plugin it runs on that PJRT plug-in, otherwise on JAX's default device.
"""
import argparse
import json
import time

parser = argparse.ArgumentParser()
parser.add_argument("--batch", type=int, default=32)
parser.add_argument("--steps", type=int, default=5)
parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16"])
parser.add_argument("--plugin")
parser.add_argument("--text", help="write the lowered program to this file, and do not run it")
args = parser.parse_args()

import jax

if args.plugin:
    from jax._src import xla_bridge

    xla_bridge.register_plugin("tested", library_path=args.plugin, priority=1000)
    jax.config.update("jax_platforms", "tested")
jax.config.update("jax_enable_x64", True)  # the stablemax loss is in float64

import jax.numpy as jnp
import numpy as np

B, S, V, P, D, H, F, LAYERS = args.batch, 81, 11, 1, 512, 8, 1536, 4
T, d = P + S, D // H
act = jnp.dtype(args.dtype)
f32 = jnp.float32


def block_shapes():
    return {"qkv": (3 * D, D), "o": (D, D), "gate_up": (2 * F, D), "down": (D, F)}


rng = np.random.default_rng(0)


def matrix(*shape):
    return jnp.asarray(rng.normal(size=shape) / np.sqrt(shape[-1]), f32)


params = {
    "tokens": matrix(V, D), "lm": matrix(V, D), "q": jnp.zeros((2, D), f32),
    "q_bias": jnp.full((2,), -5, f32),
    "high": [{k: matrix(*s) for k, s in block_shapes().items()} for _ in range(LAYERS)],
    "low": [{k: matrix(*s) for k, s in block_shapes().items()} for _ in range(LAYERS)],
}
table = jnp.zeros((1, D), f32)
start = jnp.asarray(rng.normal(size=(2, D)), act)
angles = np.outer(np.arange(T), 1e4 ** (-np.arange(0, d, 2) / d)).astype(np.float32)
cos, sin = (jnp.asarray(np.tile(f(angles), (1, 2))) for f in (np.cos, np.sin))


def linear(x, w):
    return x @ w.astype(act).T


def norm(x):
    x = x.astype(f32)
    return (x * jax.lax.rsqrt(jnp.mean(x * x, -1, keepdims=True) + 1e-5)).astype(act)


def rotate(x):
    x = x.astype(f32)
    turned = jnp.concatenate([-x[..., d // 2:], x[..., : d // 2]], -1)
    return (x * cos[:, None] + turned * sin[:, None]).astype(act)


def block(x, w):
    qkv = linear(x, w["qkv"]).reshape(-1, T, 3, H, d)
    q, k, v = rotate(qkv[:, :, 0]), rotate(qkv[:, :, 1]), qkv[:, :, 2]
    scores = jnp.einsum("bthd,bshd->bhts", q, k, preferred_element_type=f32) * d**-0.5
    mixed = jnp.einsum("bhts,bshd->bthd", jax.nn.softmax(scores).astype(act), v)
    x = norm(x + linear(mixed.reshape(-1, T, D), w["o"]))
    gate, up = jnp.split(linear(x, w["gate_up"]), 2, -1)
    return norm(x + linear(jax.nn.silu(gate) * up, w["down"]))


def module(blocks, x):
    for w in blocks:
        x = block(x, w)
    return x


def segment(p, high, low, e):
    stop = jax.lax.stop_gradient
    for index in range(4):
        if index == 3:
            high, low = stop(high), stop(low)
        low = module(p["low"], low + (high + e))
        if index == 1:
            high = module(p["high"], high + low)
    high = module(p["high"], high + low)
    return high, low


def heads(p, high):
    q = high[:, 0] @ p["q"].astype(act).T + p["q_bias"].astype(act)
    return linear(high[:, P:], p["lm"]), q.astype(f32)


def bce(x, t):
    return jax.nn.softplus(x) - x * t


def objective(p, rows, high, low, inputs, labels, last):
    e = jnp.concatenate([rows.astype(act)[:, None], p["tokens"].astype(act)[inputs]], 1)
    e = e * jnp.asarray(np.sqrt(D), act)
    high, low = segment(p, high, low, e)
    logits, q = heads(p, high)
    frozen = jax.lax.stop_gradient((p, high, low, e))
    nq = heads(frozen[0], segment(*frozen)[0])[1]
    target = jax.nn.sigmoid(jnp.where(last, nq[:, 0], jnp.maximum(nq[:, 0], nq[:, 1])))
    x = logits.astype(jnp.float64)
    s = jnp.where(x >= 0, x + 1, 1 / (1 - jnp.where(x >= 0, 0, x)))
    own = jnp.take_along_axis(s, labels[..., None], -1)[..., 0]
    token = (jnp.log(s.sum(-1)) - jnp.log(own)).sum(-1) / S
    exact = (logits.argmax(-1) == labels).all(-1).astype(f32)
    total = token.astype(f32) + 0.5 * (bce(q[:, 0], exact) + bce(q[:, 1], target))
    return total.sum() / B, (high, low, q, nq, total)


def step(p, m, v, table, high, low, inputs, labels, ids, fresh, last, rates):
    mask = fresh[:, None, None]
    high, low = jnp.where(mask, start[0], high), jnp.where(mask, start[1], low)
    rows = table[ids]
    (g, rg), aux = jax.grad(objective, (0, 1), has_aux=True)(
        p, rows, high, low, inputs, labels, last)

    def update(p, g, m, v):
        m, v = m + 0.1 * (g - m), v + 0.05 * (g * g - v)
        return p * rates[0] - rates[1] * jnp.arctan2(m, jnp.sqrt(v) / rates[2]), m, v

    flat = [update(*leaves) for leaves in zip(*map(jax.tree.leaves, (p, g, m, v)))]
    tree = jax.tree.structure(p)
    p, m, v = (jax.tree.unflatten(tree, list(part)) for part in zip(*flat))
    sums = (ids[:, None] == ids[None]).astype(f32) @ rg
    table = table.at[ids].set(rows * rates[3] - rates[4] * jnp.sign(sums))
    return p, m, v, table, aux[0], aux[1], aux[2:]


zeros = jax.tree.map(jnp.zeros_like, params)
state = [params, zeros, jax.tree.map(jnp.zeros_like, params), table,
         jnp.zeros((B, T, D), act), jnp.zeros((B, T, D), act)]
data = [jnp.asarray(rng.integers(1, V, (B, S)), jnp.int32) for _ in range(2)]
data += [jnp.zeros((B,), jnp.int32), jnp.ones((B,), bool), jnp.zeros((B,), bool),
         jnp.asarray([1 - 1e-5, 1e-3, 0.2, 1 - 1e-5, 1e-4], f32)]
jitted = jax.jit(step, donate_argnums=(0, 1, 2, 3, 4, 5))
if args.text:
    with open(args.text, "w") as file:
        file.write(jitted.lower(*state, *data).as_text())
    raise SystemExit
begin = time.perf_counter()
compiled = jitted.lower(*state, *data).compile()
compile_seconds = time.perf_counter() - begin
seconds = []
for index in range(args.steps + 1):
    begin = time.perf_counter()
    *state, rest = compiled(*state, *data)
    jax.block_until_ready((state, rest))
    if index:
        seconds.append(time.perf_counter() - begin)
median = sorted(seconds)[len(seconds) // 2]
print(json.dumps({"engine": "jax", "batch": B, "dtype": args.dtype, "compile": compile_seconds,
                  "seconds": seconds, "median": median, "sequences_per_second": B / median}))
