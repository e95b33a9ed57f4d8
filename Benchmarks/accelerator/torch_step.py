"""The training step of the 27M HRM in PyTorch, compiled: segment, Q target, stablemax losses, backward
pass through the last two module applications, AdamATan2, SignSGD. Prints the seconds of each step.

    python torch_step.py --batch 384 --steps 10 [--dtype bfloat16] [--device cuda]
"""
import argparse
import json
import time

import torch
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument("--batch", type=int, default=32)
parser.add_argument("--steps", type=int, default=5)
parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16"])
parser.add_argument("--device", default="cpu")
args = parser.parse_args()

B, S, V, P, D, H, I, LAYERS = args.batch, 81, 11, 1, 512, 8, 1536, 4
T, d = P + S, D // H
act, device = getattr(torch, args.dtype), torch.device(args.device)
torch.manual_seed(0)


def matrix(*shape):
    return (torch.randn(shape, device=device) / shape[-1] ** 0.5).requires_grad_()


def blocks():
    return [[matrix(3 * D, D), matrix(D, D), matrix(2 * I, D), matrix(D, I)] for _ in range(LAYERS)]


high_blocks, low_blocks = blocks(), blocks()
tokens, lm = matrix(V, D), matrix(V, D)
q_weight = torch.zeros(2, D, device=device, requires_grad=True)
q_bias = torch.full((2,), -5.0, device=device, requires_grad=True)
params = [w for b in high_blocks + low_blocks for w in b] + [tokens, lm, q_weight, q_bias]
first = [torch.zeros_like(p) for p in params]
second = [torch.zeros_like(p) for p in params]
table = torch.zeros(1, D, device=device)
start = torch.randn(2, D, device=device).to(act)
angles = torch.outer(torch.arange(T), 1e4 ** (-torch.arange(0, d, 2) / d)).repeat(1, 2).to(device)
cos, sin = angles.cos()[:, None], angles.sin()[:, None]


def linear(x, w):
    return F.linear(x, w.to(act))


def norm(x):
    x = x.float()
    return (x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5)).to(act)


def rotate(x):
    x = x.float()
    return (x * cos + torch.cat([-x[..., d // 2:], x[..., : d // 2]], -1) * sin).to(act)


def module(blocks, x):
    for qkv_weight, o, gate_up, down in blocks:
        q, k, v = linear(x, qkv_weight).view(-1, T, 3, H, d).unbind(2)
        mixed = F.scaled_dot_product_attention(
            rotate(q).transpose(1, 2), rotate(k).transpose(1, 2), v.transpose(1, 2))
        x = norm(x + linear(mixed.transpose(1, 2).reshape(-1, T, D), o))
        gate, up = linear(x, gate_up).chunk(2, -1)
        x = norm(x + linear(F.silu(gate) * up, down))
    return x


def segment(high, low, e):
    with torch.no_grad():
        low = module(low_blocks, low + (high + e))
        low = module(low_blocks, low + (high + e))
        high = module(high_blocks, high + low)
        low = module(low_blocks, low + (high + e))
    low = module(low_blocks, low + (high + e))
    return module(high_blocks, high + low), low


def q_logits(high):
    return F.linear(high[:, 0], q_weight.to(act), q_bias.to(act)).float()


def loss(rows, high, low, inputs, labels, last):
    e = torch.cat([rows.to(act)[:, None], tokens.to(act)[inputs]], 1) * D**0.5
    high, low = segment(high, low, e)
    logits, q = linear(high[:, P:], lm), q_logits(high)
    with torch.no_grad():
        nq = q_logits(segment(high, low, e)[0])
        target = torch.where(last, nq[:, 0], nq.amax(1)).sigmoid()
        exact = (logits.argmax(-1) == labels).all(-1).float()
    x = logits.double()
    s = torch.where(x >= 0, x + 1, 1 / (1 - torch.where(x >= 0, 0, x)))
    own = s.gather(-1, labels[..., None])[..., 0]
    total = (s.sum(-1).log() - own.log()).sum(-1) / S
    bce = F.binary_cross_entropy_with_logits
    total = total + 0.5 * (
        bce(q[:, 0], exact, reduction="none") + bce(q[:, 1], target, reduction="none"))
    return total.sum() / B, high.detach(), low.detach()


compiled = torch.compile(loss)


@torch.compile
def update(gradients):
    for p, g, m, v in zip(params, gradients, first, second):
        m.lerp_(g, 0.1)
        v.lerp_(g * g, 0.05)
        p.mul_(1 - 1e-5).sub_(1e-3 * torch.atan2(m, v.sqrt() / 0.2))


inputs, labels = (torch.randint(1, V, (B, S), device=device) for _ in range(2))
ids = torch.zeros(B, dtype=torch.long, device=device)
last = torch.zeros(B, dtype=torch.bool, device=device)
high, low = (z.expand(B, T, D).contiguous() for z in start)


def step():
    global high, low
    rows = table[ids].requires_grad_()
    total, high, low = compiled(rows, high, low, inputs, labels, last)
    gradients = torch.autograd.grad(total, params + [rows])
    with torch.no_grad():
        update(gradients[:-1])
        sums = torch.zeros_like(table).index_add_(0, ids, gradients[-1])
        table.mul_(1 - 1e-5).sub_(1e-4 * sums.sign())
    if device.type == "cuda":
        torch.cuda.synchronize()


seconds = []
for index in range(args.steps + 2):
    begin = time.perf_counter()
    step()
    if index > 1:
        seconds.append(time.perf_counter() - begin)
median = sorted(seconds)[len(seconds) // 2]
print(json.dumps({"engine": "torch", "batch": B, "dtype": args.dtype, "seconds": seconds,
                  "median": median, "sequences_per_second": B / median}))
