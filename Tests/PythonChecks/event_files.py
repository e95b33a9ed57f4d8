"""Compares the event files of a run with its metrics.jsonl, as TensorBoard's own package reads them.

    python event_files.py RUN
    python event_files.py HRM FOLDER      (the run is FOLDER/run)

TensorBoard reads event files in three ways: the event accumulator of scripts, the reader behind
`tensorboard --load_fast=false`, and the data server that is the default. Tags, steps and values must
be the same in all of them; values as float32, which is what event files hold. Pictures must be whole
PNG files of the size that is written beside them.

With HRM and FOLDER, the same is done for a copy of the run that was killed, went on and was made
longer, which has several event files.
"""

import json
import math
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from tensorboard.backend.event_processing import data_provider
from tensorboard.backend.event_processing import plugin_event_multiplexer
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.context import RequestContext

GUARD = "guard/"


def lines(path):
    """Values by tag, each a list of (step, float32), without replaced records."""
    series = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        step = record.pop("step")
        if GUARD + "restored_step" in record:
            back = record[GUARD + "restored_step"]
            for values in series.values():
                values[:] = [value for value in values if value[0] <= back]
            # In the events, it belongs to the first following step.
            step = back + 1
        for name, value in record.items():
            if isinstance(value, str):
                continue
            number = np.float32(math.nan if value is None else value)
            series.setdefault(name, []).append((step, number))
    return {tag: values for tag, values in series.items() if values}


def accumulator(run):
    reader = EventAccumulator(str(run), size_guidance={"scalars": 0, "images": 0})
    reader.Reload()
    for tag in reader.Tags()["images"]:
        for event in reader.Images(tag):
            check_picture(tag, event)
    return {
        tag: [(event.step, event.value) for event in reader.Scalars(tag)]
        for tag in reader.Tags()["scalars"]
    }


def provided(provider):
    runs = provider.read_scalars(
        RequestContext(), experiment_id="", plugin_name="scalars", downsample=1_000_000
    )
    assert len(runs) <= 1, f"several runs: {list(runs)}"
    for tags in runs.values():
        return {tag: [(point.step, point.value) for point in points] for tag, points in tags.items()}
    return {}


def slow_server(run):
    """The values as read by the server with --load_fast=false."""
    multiplexer = plugin_event_multiplexer.EventMultiplexer(
        size_guidance=None, tensor_size_guidance={"scalars": 0}
    )
    multiplexer.AddRunsFromDirectory(str(run))
    multiplexer.Reload()
    return provided(data_provider.MultiplexerDataProvider(multiplexer, str(run)))


def fast_server(run):
    """The values as read by the default server; None if it does not exist for this machine."""
    try:
        from tensorboard.data import server_ingester
        from tensorboard.util import grpc_util

        binary = server_ingester.get_server_binary()
    except Exception as error:  # the package has no data server for every machine
        print(f"SKIPPED the default server: {error}")
        return None
    ingester = server_ingester.SubprocessServerDataIngester(
        binary,
        str(run),
        reload_interval=0,
        channel_creds_type=grpc_util.ChannelCredsType.LOCAL,
        samples_per_plugin={"scalars": 0},
    )
    ingester.start()
    # The server reads while it responds; the data are complete when they no longer grow.
    found, before = provided(ingester.data_provider), None
    for _ in range(100):
        if found and found == before:
            break
        time.sleep(0.2)
        before, found = found, provided(ingester.data_provider)
    return found


def same(left, right):
    """Equality as float32; JSON cannot represent non-finite numbers."""
    if not np.isfinite(right):
        return not np.isfinite(left)
    return np.float32(left) == np.float32(right)


def check_picture(tag, event):
    data = event.encoded_image_string
    assert data.startswith(b"\x89PNG\r\n\x1a\n"), f"{tag}, step {event.step}: not a PNG file"
    assert data.endswith(b"IEND\xaeB`\x82"), f"{tag}, step {event.step}: the file breaks off"
    size = struct.unpack(">II", data[16:24])
    assert size == (event.width, event.height), f"{tag}, step {event.step}: size {size}"


def check(run):
    expected = lines(run / "metrics.jsonl")
    assert expected, f"{run} has no metrics"
    for reader in [accumulator, slow_server, fast_server]:
        found = reader(run)
        if found is None:
            continue
        name = reader.__name__
        assert set(found) == set(expected), f"{name}: tags differ: {set(found) ^ set(expected)}"
        count = 0
        for tag, values in expected.items():
            steps = [step for step, _ in found[tag]]
            assert steps == [step for step, _ in values], f"{name}, {tag}: steps {steps} differ"
            for (step, value), (_, wanted) in zip(found[tag], values):
                assert same(value, wanted), f"{name}, {tag}, step {step}: {value} is not {wanted}"
                count += 1
        files = len(list(run.glob("*tfevents*")))
        print(f"{name}: {len(expected)} tags and {count} values of {files} files are the same")


def check_runs_that_went_back(hrm, folder):
    """A run that is killed twice, and one that returns to its best checkpoint."""
    data = ["--data", str(folder / "data")]
    small = [
        f"--set={setting}"
        for setting in (
            "hidden_size=16 num_heads=2 puzzle_emb_ndim=16 expansion=1 H_layers=1 L_layers=1 "
            "H_cycles=1 L_cycles=1 halt_max_steps=3 global_batch_size=4 pos_encodings=rope "
            "forward_dtype=float32"
        ).split()
    ]
    with tempfile.TemporaryDirectory() as root:
        run = Path(root) / "run"
        metrics = run / "metrics.jsonl"
        often = ["--checkpoint-steps", "7"]

        def count():
            return metrics.read_bytes().count(b"\n") if metrics.exists() else 0

        command = [hrm, "train", *data, "--output", str(run), "--steps", "100000", *small]
        for wanted in (10, 25):
            # The run resumes from the checkpoint with fewer lines than when it was killed.
            before = count()
            process = subprocess.Popen([*command, *often], stderr=subprocess.DEVNULL)
            while process.poll() is None and not (
                count() >= wanted and count() % 7 > 2 and count() != before
            ):
                time.sleep(0.001)
            process.send_signal(signal.SIGKILL)
            process.wait()
            command = [hrm, "train", "--resume", str(run)]
        steps = count() // 7 * 7 + 10
        subprocess.run(
            [*command, "--steps", str(steps)], check=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert len(list(run.glob("*tfevents*"))) == 3, "each session has an event file"
        check(run)

        # A decay that doubles the weights in each step, and halves them with half the rate.
        back = Path(root) / "back"
        command = [
            hrm, "train", *data, "--output", str(back), "--steps", "40", *small,
            "--set=eval_interval=1", "--set=guard.action=restore", "--set=lr=3e-3",
            "--set=weight_decay=1000", "--set=lr_warmup_steps=0",
        ]
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        assert GUARD in (back / "metrics.jsonl").read_text(encoding="utf-8"), "it went never back"
        check(back)


def main(arguments):
    if not arguments:
        sys.exit(__doc__)
    run = Path(arguments[-1])
    if not (run / "metrics.jsonl").exists():
        run = run / "run"
    check(run)
    if len(arguments) > 1:
        check_runs_that_went_back(arguments[0], Path(arguments[1]))


main(sys.argv[1:])
