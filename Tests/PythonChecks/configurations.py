"""The all_config.yaml of `hrm train`, against configuration classes with the references' fields.

Usage: configurations.py HRM FOLDER. HRM is the built command; FOLDER has a data set named `data`, and is
written into. Ends with an error where a file is not understood, in either direction.

The classes have the names, types and defaults of the fields of HRM's and TRM's own; where those pass over
a key that they do not know, these refuse it.
"""

import subprocess
import sys
from pathlib import Path
from typing import List, Optional

import pydantic
import yaml
from omegaconf import OmegaConf


class Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")


class Named(pydantic.BaseModel):
    """A class by its name, with keyword arguments for it."""

    model_config = pydantic.ConfigDict(extra="allow")
    name: str


class Arch(Named):
    loss: Named


class Training(Strict):
    """The fields of both references."""

    arch: Arch
    global_batch_size: int
    epochs: int
    lr: float
    lr_min_ratio: float
    lr_warmup_steps: int
    weight_decay: float
    beta1: float
    beta2: float
    puzzle_emb_lr: float
    puzzle_emb_weight_decay: float
    project_name: Optional[str] = None
    run_name: Optional[str] = None
    checkpoint_path: Optional[str] = None
    seed: int = 0
    checkpoint_every_eval: bool = False
    eval_interval: Optional[int] = None
    eval_save_outputs: List[str] = []


class HRMTraining(Training):
    data_path: str


class TRMTraining(Training):
    data_paths: List[str]
    data_paths_test: List[str] = []
    evaluators: List[Named] = []
    load_checkpoint: Optional[str] = None
    min_eval_interval: Optional[int] = 0
    ema: bool = False
    ema_rate: float = 0.999
    freeze_weights: bool = False


class Model(Strict):
    """The fields of all models."""

    batch_size: int
    seq_len: int
    puzzle_emb_ndim: int = 0
    num_puzzle_identifiers: int
    vocab_size: int
    H_cycles: int
    H_layers: int
    hidden_size: int
    expansion: float
    num_heads: int
    pos_encodings: str
    rms_norm_eps: float = 1e-5
    rope_theta: float = 10000.0
    halt_max_steps: int
    halt_exploration_prob: float
    forward_dtype: str = "bfloat16"


class HRMModel(Model):
    L_cycles: int
    L_layers: int


class TRMModel(HRMModel):
    mlp_t: bool = False
    puzzle_emb_len: int = 16
    no_ACT_continue: bool = True


class Baseline(Model):
    act_enabled: bool = True
    act_inference: bool = False


def loss_head(loss_type: str) -> str:
    """The reference's loss head has no other fields."""
    return loss_type


FAMILIES = {
    "sudoku-small": (HRMTraining, HRMModel),
    "trm-small": (TRMTraining, TRMModel),
    "trm-sudoku-attention": (TRMTraining, TRMModel),
    "transformer-sudoku-extreme": (TRMTraining, Baseline),
}

# A model that trains quickly.
SMALL = [
    "hidden_size=16", "num_heads=2", "expansion=1", "H_cycles=1", "global_batch_size=4",
    "forward_dtype=float32", "lr_warmup_steps=0",
]


def run(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run([str(argument) for argument in arguments], capture_output=True, text=True)


def train(hrm: str, folder: Path, output: str, *more: object) -> Path:
    result = run(hrm, "train", "--data", folder / "data", "--output", folder / output,
                 "--steps", 1, "--evaluation-limit", 1, *more)
    assert result.returncode == 0, result.stderr
    return folder / output / "all_config.yaml"


def build(path: Path, training: type, model: type) -> tuple[Training, Model]:
    """The objects that the reference creates from a file."""
    loaded = yaml.safe_load(path.read_text())
    assert loaded == OmegaConf.to_container(OmegaConf.load(path), resolve=True)
    config = training(**loaded)
    loss_head(**config.arch.loss.__pydantic_extra__)
    made = model(**config.arch.__pydantic_extra__, batch_size=config.global_batch_size, seq_len=16,
                 num_puzzle_identifiers=1, vocab_size=6)
    assert config.arch.loss.name == "losses@ACTLossHead"
    return config, made


def check_family(hrm: str, folder: Path, preset: str) -> None:
    training, model = FAMILIES[preset]
    settings = [f"--set={setting}" for setting in SMALL]
    if "small" not in preset:
        settings.append("--set=puzzle_emb_ndim=16")
    # Average warm-up exists in neither reference, only in files of this package.
    settings.append("--set=ema_warmup=false")
    path = train(hrm, folder, f"config-{preset}", "--preset", preset, *settings, "--seed", 7)
    config, made = build(path, training, model)
    assert config.seed == 7 and made.hidden_size == 16 and made.forward_dtype == "float32"
    print(f"ok  {preset}: {training.__name__}, {model.__name__}")

    # The reverse: the configuration dumped by the reference is the same.
    dumped = folder / f"{preset}.yaml"
    dumped.write_text(yaml.dump(config.model_dump()))
    again = train(hrm, folder, f"config-{preset}-back", "--config", dumped)
    assert again.read_text() == path.read_text(), preset
    print(f"ok  {preset}: read as the reference dumps it")


def check_more(hrm: str, folder: Path) -> None:
    """The keys of TRM with an effect, and a key that exists in neither reference."""
    settings = [f"--set={setting}" for setting in SMALL + ["puzzle_emb_ndim=16", "L_cycles=1"]]
    preset = ["--preset", "trm-sudoku-attention", *settings]
    path = train(hrm, folder, "config-more", *preset, "--set=freeze_weights=true",
                 "--set=no_ACT_continue=false", "--set=puzzle_emb_len=1", "--set=ema_rate=0.5")
    config, made = build(path, TRMTraining, TRMModel)
    assert config.freeze_weights and config.ema_rate == 0.5
    assert not made.no_ACT_continue and made.puzzle_emb_len == 1
    path = train(hrm, folder, "config-weights", *preset, "--set=puzzle_emb_len=1",
                 "--set=no_ACT_continue=false", "--from-weights", folder / "config-more")
    config, _ = build(path, TRMTraining, TRMModel)
    assert config.load_checkpoint == str(folder / "config-more")
    print("ok  freeze_weights and load_checkpoint")
    path = train(hrm, folder, "config-own", *preset, "--set=label_smoothing=0.1")
    try:
        build(path, TRMTraining, TRMModel)
    except TypeError as error:
        print(f"ok  what the reference cannot do is in the file: {error}")
    else:
        raise AssertionError("label_smoothing is not in the file")


def main() -> None:
    hrm, folder = sys.argv[1], Path(sys.argv[2])
    for preset in FAMILIES:
        check_family(hrm, folder, preset)
    check_more(hrm, folder)


if __name__ == "__main__":
    main()
