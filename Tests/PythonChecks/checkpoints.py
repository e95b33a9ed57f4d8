"""Files that `hrm convert` writes and reads, against PyTorch and the safetensors package.

Usage: checkpoints.py HRM FOLDER. HRM is the built command; FOLDER has a run, as `hrm train` wrote it,
named `run`, and is written into. Ends with an error where a value differs.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter, OrderedDict, defaultdict
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file


def convert(hrm: str, *arguments: object) -> None:
    subprocess.run([hrm, "convert", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def expect_equal(found: dict, expected: dict, what: str) -> None:
    assert found.keys() == expected.keys(), f"{what}: {found.keys() ^ expected.keys()}"
    for name, tensor in expected.items():
        other = found[name]
        assert other.dtype == tensor.dtype, f"{what}: {name} is {other.dtype}, not {tensor.dtype}"
        # Not `equal` on floats: it takes 0 for -0.
        same = other.shape == tensor.shape and other.contiguous().view(torch.uint8).equal(
            tensor.contiguous().view(torch.uint8)
        )
        assert same, f"{what}: {name} differs"
    print(f"ok  {what}: {len(expected)} tensors")


def strip(state: dict, prefix: str) -> dict:
    return {name.removeprefix(prefix): tensor for name, tensor in state.items()}


def check_export(hrm: str, folder: Path, ours: dict) -> None:
    prefixes = {"reference": "model.inner.", "compiled": "_orig_mod.model.inner.", "bare": ""}
    for names, prefix in prefixes.items():
        path = folder / f"{names}.pt"
        convert(hrm, folder / "run", "--output", path, "--names", names)
        state = torch.load(path, weights_only=True)
        assert isinstance(state, OrderedDict)
        assert all(name.startswith(prefix) for name in state)
        expect_equal(strip(state, prefix), ours, f"exported with {names} names")
    mapped = torch.load(folder / "bare.pt", weights_only=True, mmap=True)
    expect_equal(mapped, ours, "exported and mapped")


def check_import(hrm: str, folder: Path, ours: dict, name: str, state: dict, **options) -> None:
    """Our files have the content that PyTorch saves for a state dict."""
    path = folder / f"{name}.pt"
    torch.save(state, path, **options)
    back = folder / f"{name}.safetensors"
    convert(hrm, path, "--config", folder / "run" / "all_config.yaml", "--output", back,
            "--sequence-length", 16)
    expect_equal(load_file(back), ours, f"imported {name}")


def check_imports(hrm: str, folder: Path, ours: dict) -> None:
    prefix = "_orig_mod.model.inner."
    state = OrderedDict((prefix + name, tensor) for name, tensor in ours.items())
    check_import(hrm, folder, ours, "contiguous", state)
    check_import(hrm, folder, ours, "plain-dict", dict(state))
    # Every matrix transposed in memory, every vector with a gap after each number.
    strided = OrderedDict()
    for name, tensor in state.items():
        if tensor.dim() == 2:
            strided[name] = tensor.t().contiguous().t()
        else:
            strided[name] = torch.stack([tensor, tensor + 1], dim=1)[:, 0]
        assert not strided[name].is_contiguous() or 1 in tensor.shape
    check_import(hrm, folder, ours, "strided", strided)
    # All tensors of one number format share one storage.
    shared = OrderedDict()
    for dtype in {tensor.dtype for tensor in state.values()}:
        members = {name: tensor for name, tensor in state.items() if tensor.dtype == dtype}
        storage = torch.cat([tensor.flatten() for tensor in members.values()])
        start = 0
        for name, tensor in members.items():
            shared[name] = storage[start:start + tensor.numel()].view(tensor.shape)
            start += tensor.numel()
    check_import(hrm, folder, ours, "shared-storage", shared)
    parameters = OrderedDict(
        (name, torch.nn.Parameter(tensor, requires_grad=True)) for name, tensor in state.items()
    )
    check_import(hrm, folder, ours, "parameters", parameters)
    torch.serialization.set_crc32_options(False)
    check_import(hrm, folder, ours, "without-checksums", state)
    torch.serialization.set_crc32_options(True)


def check_refusals(hrm: str, folder: Path, ours: dict) -> None:
    """Files without a state dict, or of an old format, are refused; nothing in them is executed."""

    class Evil:
        def __reduce__(self):
            return (open, (str(folder / "touched"), "w"))

    torch.save({"a": Evil()}, folder / "evil.pt")
    torch.save(ours, folder / "legacy.pt", _use_new_zipfile_serialization=False)
    torch.save([ours], folder / "list.pt")
    for name, words in [("evil", "open"), ("legacy", "1.6"), ("list", "state_dict()")]:
        result = subprocess.run(
            [hrm, "convert", folder / f"{name}.pt", "--config", folder / "run" / "all_config.yaml",
             "--output", folder / f"{name}.safetensors"], capture_output=True, text=True)
        assert result.returncode == 1 and words in result.stderr, result.stderr
        assert not (folder / f"{name}.safetensors").exists()
        print(f"ok  refused {name}: {result.stderr.strip()[:100]}")
    assert not (folder / "touched").exists()


def check_training_checkpoints(hrm: str, folder: Path, ours: dict) -> None:
    """Values saved beside the weights are skipped; the average is used if requested."""
    state = OrderedDict(("model.inner." + name, tensor) for name, tensor in ours.items())
    average = OrderedDict((name, tensor * 2) for name, tensor in state.items())
    parameters = [torch.nn.Parameter(torch.ones(3)) for _ in range(2)]
    optimizer = torch.optim.Adam(parameters, lr=1e-3)
    sum(parameter.sum() for parameter in parameters).backward()
    optimizer.step()
    whole = {
        "epoch": 3, "best": np.float64(1.5), "losses": [1.0, 2.5], "seed": 2**63, "shape": (1, 2),
        "size": torch.Size([1, 2]), "device": torch.device("cpu"), "dtype": torch.float32,
        "args": argparse.Namespace(lr=1e-3, path=Path("x")), "names": {"a", "b"}, "none": None,
        "rng": torch.get_rng_state(), "optimizer": optimizer.state_dict(), "raw": b"abc",
        "counts": Counter("aab"), "by_number": {0: "zero", 1.5: None, (1, 2): True},
        "scaler": defaultdict(dict), "phase": 1j, "half": torch.ones(2, dtype=torch.complex64),
    }
    arguments = ["--config", folder / "run" / "all_config.yaml", "--sequence-length", "16"]
    for key in ["model", "state_dict", "model_state_dict"]:
        for protocol in [2, 4, 5]:
            path = folder / f"{key}.{protocol}.pt"
            torch.save({**whole, key: state, "ema_state_dict": average}, path,
                       pickle_protocol=protocol)
            back = folder / f"{key}.{protocol}.safetensors"
            convert(hrm, path, *arguments, "--output", back)
            expect_equal(load_file(back), ours, f"imported {key}, protocol {protocol}")
    back = folder / "average.safetensors"
    convert(hrm, folder / "model.2.pt", *arguments, "--state-dict", "ema", "--output", back)
    expect_equal(load_file(back), strip(average, "model.inner."), "imported the average")


def check_unusual_numbers(hrm: str, folder: Path, ours: dict) -> None:
    """Number formats of newer versions do not make a file unreadable, regardless of its writer."""
    arguments = ["--config", folder / "run" / "all_config.yaml", "--sequence-length", "16"]
    unusual = {
        "uint16": torch.tensor([1, 65535], dtype=torch.uint16),
        "uint64": torch.tensor([7], dtype=torch.uint64),
        "float8": torch.tensor([1.5, -448.0]).to(torch.float8_e4m3fn),
        "coarse": torch.tensor([1.5, 57344.0]).to(torch.float8_e5m2),
        "complex": torch.tensor([1 + 2j]),
    }
    torch.save({"model": dict(ours), "extra": unusual}, folder / "unusual.pt")
    save_file({**ours, **unusual}, folder / "unusual.safetensors")
    for name, words in [("pt", None), ("safetensors", "unexpected 'coarse', 'complex', 'float8'")]:
        back = folder / f"unusual-{name}.safetensors"
        result = subprocess.run(
            [hrm, "convert", folder / f"unusual.{name}", *arguments, "--output", back],
            capture_output=True, text=True)
        if words is None:
            assert result.returncode == 0, result.stderr
            expect_equal(load_file(back), ours, "imported beside unusual numbers")
        else:
            assert words in result.stderr, result.stderr
            print("ok  unusual numbers are named")


def check_not_finite(hrm: str, folder: Path, ours: dict) -> None:
    broken = {name: tensor.clone() for name, tensor in ours.items()}
    broken["lm_head.weight"][0, 0] = float("nan")
    save_file(broken, folder / "nan.safetensors")
    result = subprocess.run(
        [hrm, "convert", folder / "nan.safetensors", "--config", folder / "run" / "all_config.yaml",
         "--sequence-length", "16", "--output", folder / "nan-out.safetensors"],
        capture_output=True, text=True)
    assert result.returncode == 1 and "'lm_head.weight'" in result.stderr, result.stderr
    print("ok  NaN is named")


def check_mlx(hrm: str, folder: Path, ours: dict) -> None:
    """MLX writes null metadata, headers of any length and unaligned tensors; it reads our files."""
    try:
        import mlx.core as mx
    except ImportError as error:
        print(f"SKIPPED the round trip with MLX: {error}")
        return
    arrays = mx.load(str(folder / "run" / "model.safetensors"))
    assert arrays.keys() == ours.keys()
    path = folder / "mlx.safetensors"
    mx.save_safetensors(str(path), arrays)
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    assert header["__metadata__"] is None
    back = folder / "from-mlx.safetensors"
    convert(hrm, path, "--config", folder / "run" / "all_config.yaml", "--output", back,
            "--sequence-length", 16)
    expect_equal(load_file(back), ours, f"by way of MLX, a header of {length} bytes")


def check_safetensors(hrm: str, folder: Path, ours: dict) -> None:
    """A file of the Python package is converted to one that contains its configuration."""
    path = folder / "python.safetensors"
    save_file({f"model.inner.{name}": tensor for name, tensor in ours.items()}, path)
    back = folder / "ours.safetensors"
    convert(hrm, path, "--config", folder / "run" / "all_config.yaml", "--output", back,
            "--sequence-length", 16)
    expect_equal(load_file(back), ours, "imported from the safetensors package")
    with safe_open(back, framework="pt") as file:
        metadata = file.metadata()
    assert metadata["format"] == "pt" and "H_cycles" in metadata["hrm.configuration"]


def main() -> None:
    hrm, folder = sys.argv[1], Path(sys.argv[2])
    ours = load_file(folder / "run" / "model.safetensors")
    assert {tensor.dtype for tensor in ours.values()} == {torch.float32, torch.bfloat16}
    check_export(hrm, folder, ours)
    check_imports(hrm, folder, ours)
    check_refusals(hrm, folder, ours)
    check_training_checkpoints(hrm, folder, ours)
    check_unusual_numbers(hrm, folder, ours)
    check_not_finite(hrm, folder, ours)
    check_mlx(hrm, folder, ours)
    check_safetensors(hrm, folder, ours)


main()
