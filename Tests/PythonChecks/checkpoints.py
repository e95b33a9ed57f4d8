"""Files that `hrm convert` writes and reads, against PyTorch and the safetensors package.

Usage: checkpoints.py HRM FOLDER. HRM is the built command; FOLDER has a run, as `hrm train` wrote it,
named `run`, and is written into. Ends with an error where a value differs.
"""

import subprocess
import sys
from collections import OrderedDict
from pathlib import Path

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
    """What PyTorch saves of a state dict is what we make of it."""
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
    # All of one number format in one storage.
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
    """Files that are no state dict, or of an old format, are refused; nothing in them runs."""

    class Evil:
        def __reduce__(self):
            return (open, (str(folder / "touched"), "w"))

    torch.save({"a": Evil()}, folder / "evil.pt")
    torch.save(ours, folder / "legacy.pt", _use_new_zipfile_serialization=False)
    torch.save({"model": ours, "epoch": 3}, folder / "nested.pt")
    for name, words in [("evil", "open"), ("legacy", "1.6"), ("nested", "state_dict()")]:
        result = subprocess.run(
            [hrm, "convert", folder / f"{name}.pt", "--config", folder / "run" / "all_config.yaml",
             "--output", folder / f"{name}.safetensors"], capture_output=True, text=True)
        assert result.returncode == 1 and words in result.stderr, result.stderr
        assert not (folder / f"{name}.safetensors").exists()
        print(f"ok  refused {name}: {result.stderr.strip()[:100]}")
    assert not (folder / "touched").exists()


def check_safetensors(hrm: str, folder: Path, ours: dict) -> None:
    """A file of the Python package becomes one that holds its configuration."""
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
    check_safetensors(hrm, folder, ours)


main()
