"""Compares the event file of a run with its metrics.jsonl, as TensorBoard's own package reads it.

    python event_files.py RUN
    python event_files.py HRM FOLDER      (the run is FOLDER/run)

Tags, steps and values must be the same; values as float32, which is what event files hold. Pictures
must be whole PNG files of the size that is written beside them.
"""

import json
import math
import struct
import sys
from pathlib import Path

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def lines(path):
    """Values by tag, each a list of (step, float32)."""
    series = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        step = record.pop("step")
        for name, value in record.items():
            if isinstance(value, str):
                continue
            number = np.float32(math.nan if value is None else value)
            series.setdefault(name, []).append((step, number))
    return series


def same(left, right):
    """Equality of float32; JSON has no word for numbers that are not finite."""
    if not np.isfinite(right):
        return not np.isfinite(left)
    return np.float32(left) == np.float32(right)


def check_picture(tag, event):
    data = event.encoded_image_string
    assert data.startswith(b"\x89PNG\r\n\x1a\n"), f"{tag}, step {event.step}: not a PNG file"
    assert data.endswith(b"IEND\xaeB`\x82"), f"{tag}, step {event.step}: the file breaks off"
    size = struct.unpack(">II", data[16:24])
    assert size == (event.width, event.height), f"{tag}, step {event.step}: size {size}"


def main(arguments):
    if not arguments:
        sys.exit(__doc__)
    run = Path(arguments[-1])
    if not (run / "metrics.jsonl").exists():
        run = run / "run"
    expected = lines(run / "metrics.jsonl")
    assert expected, f"{run} has no metrics"

    accumulator = EventAccumulator(str(run), size_guidance={"scalars": 0, "images": 0})
    accumulator.Reload()
    tags = accumulator.Tags()
    found = {tag: accumulator.Scalars(tag) for tag in tags["scalars"]}
    assert set(found) == set(expected), f"tags differ: {set(found) ^ set(expected)}"

    count = 0
    for tag, values in expected.items():
        steps = [event.step for event in found[tag]]
        assert steps == [step for step, _ in values], f"{tag}: steps differ"
        for event, (step, value) in zip(found[tag], values):
            assert same(event.value, value), f"{tag}, step {step}: {event.value} is not {value}"
            count += 1
    pictures = 0
    for tag in tags["images"]:
        for event in accumulator.Images(tag):
            check_picture(tag, event)
            pictures += 1
    print(f"{len(expected)} tags, {count} values and {pictures} pictures are the same")


main(sys.argv[1:])
