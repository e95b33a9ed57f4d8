"""Prefill and decode of a text model with transformers on PyTorch, by turns with hrm benchmark-text.

    python3 -m venv venv && venv/bin/pip install -r Benchmarks/requirements.txt
    hrm benchmark-text --model random --create middle --rounds 0
    venv/bin/python Benchmarks/text_transformers.py --model random --hrm .build/release/hrm

In each round the prompt and the decode steps of both are measured one after the other; the result is
the ratio of the fastest times of all rounds. transformers runs in bfloat16 and float32 (--dtypes), and
compiled with --compile.
"""

import argparse
import json
import subprocess
import time

import torch
import transformers


clock = time.process_time  # Pauses in which other processes run do not count.


def load(folder, dtype):
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=dtype)
    return model.eval()


def measure(model, forward, prompt, tokens):
    """The seconds of a bidirectional prompt, and those of the fastest decode step."""
    size = model.config.vocab_size
    ids = torch.randint(0, size, (1, prompt))
    with torch.inference_mode():
        start = clock()
        out = forward(
            input_ids=ids, token_type_ids=torch.ones_like(ids), use_cache=True, logits_to_keep=1)
        prefill = clock() - start
        cache, steps = out.past_key_values, []
        for _ in range(tokens):
            start = clock()
            out = forward(
                input_ids=torch.randint(0, size, (1, 1)), cache=cache, use_cache=True,
                logits_to_keep=1)
            cache = out.past_key_values
            steps.append(clock() - start)
    return prefill, min(steps)


def measure_hrm(arguments):
    command = [
        arguments.hrm, "benchmark-text", "--model", arguments.model, "--prompt",
        str(arguments.prompt), "--tokens", str(arguments.tokens), "--workers",
        str(arguments.threads), "--rounds", "1", "--json"]
    if clock == time.process_time:
        command += ["--clock", "cpu"]
    result = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return result["prefill_seconds"], result["step_seconds"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--hrm", required=True)
    parser.add_argument("--dtypes", default="bfloat16,float32")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--prompt", type=int, default=512)
    parser.add_argument("--tokens", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    if arguments.threads > 1:
        # The processor time of several threads includes their waiting for each other.
        global clock
        clock = time.perf_counter
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    models = {}
    for name in arguments.dtypes.split(","):
        model = load(arguments.model, getattr(torch, name))
        models[name] = (model, torch.compile(model) if arguments.compile else model)
    print(f"torch {torch.__version__}, transformers {transformers.__version__}, "
          f"{arguments.threads} threads, compiled: {arguments.compile}")
    for model, forward in models.values():  # The first calls allocate and compile.
        measure(model, forward, arguments.prompt, 2)
    best = {name: [float("inf")] * 2 for name in [*models, "hrm"]}
    for number in range(arguments.rounds):
        turns = {name: measure(*pair, arguments.prompt, arguments.tokens)
                 for name, pair in models.items()}
        turns["hrm"] = measure_hrm(arguments)
        for name, values in turns.items():
            best[name] = [min(a, b) for a, b in zip(best[name], values)]
            print(f"round {number + 1}, {name}: prompt {values[0]:.3f} s, step {values[1]:.4f} s",
                  flush=True)
    for name in models:
        ratios = [theirs / ours for theirs, ours in zip(best[name], best["hrm"])]
        print(f"{name}: prompt {best[name][0]:.3f} s = {ratios[0]:.2f} x hrm, "
              f"step {best[name][1]:.4f} s = {ratios[1]:.2f} x hrm")
    print(f"hrm: prompt {best['hrm'][0]:.3f} s, step {best['hrm'][1]:.4f} s")


if __name__ == "__main__":
    main()
