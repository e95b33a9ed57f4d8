/// A key of the configuration, for whoever lists or explains them.
public struct ConfigurationKey: Sendable, Hashable {
    /// The reference's name with its sections: `arch.H_cycles`.
    public let name: String
    /// What a value must be, such as "a whole number".
    public let expectation: String
    /// What the value decides.
    public let meaning: String

    /// All keys, sorted by name.
    public static let all: [ConfigurationKey] = ConfigurationSetting.all.map {
        ConfigurationKey(
            name: $0.key, expectation: $0.expectation, meaning: meanings[$0.key] ?? "")
    }

    /// The value of the key in a configuration, as it is written on the command line.
    public func value(in configuration: TrainingConfiguration) -> String {
        ConfigurationSetting.named(name)?.read(configuration).text ?? ""
    }

    private static let meanings: [String: String] = [
        "arch.H_cycles": "N, slow updates in a segment",
        "arch.H_layers": "blocks of the slow module",
        "arch.L_cycles": "T, fast updates for each slow one",
        "arch.L_layers": "blocks of the fast module",
        "arch.expansion": "width of the SwiGLU relative to hidden_size",
        "arch.forward_dtype": "number format of activations",
        "arch.grad_applications":
            "k, module applications that carry gradient; null: as published",
        "arch.halt_exploration_prob": "share of puzzles that must think a random time",
        "arch.halt_max_steps": "segments (thinking steps) for a puzzle at most",
        "arch.hidden_size": "D, width of a token",
        "arch.loss.label_smoothing":
            "share of the label's probability that is wanted of all tokens alike, in training "
            + "(arXiv:1512.00567)",
        "arch.loss.loss_type": "how the token loss is made",
        "arch.loss.name": "the reference's loss; fixed",
        "arch.loss.step_weight":
            "g: a puzzle's segment t counts for g^(t-1) in training (CGAR, arXiv:2511.08653)",
        "arch.mlp_t": "a SwiGLU across positions in place of every attention",
        "arch.name": "HRM, TRM or transformer, by the name of the reference's class",
        "arch.no_ACT_continue": "whether q_continue is left out; halting then asks q_halt alone",
        "arch.num_heads": "heads of every attention",
        "arch.pos_encodings": "how positions reach the model",
        "arch.puzzle_emb_len": "positions of the puzzle embedding; 0: as many as it needs",
        "arch.puzzle_emb_ndim": "width of the puzzle embedding; 0: none",
        "arch.relations":
            "groups of cells that a cell of a square board looks at, in place of attention",
        "arch.rms_norm_eps": "added to the mean square in every norm",
        "arch.rope_theta": "base of the rotary angles",
        "arch.symbols":
            "how many tokens, the last of the vocabulary, could change places; 0: none",
        "arch.zero_init_proj":
            "whether o_proj and down_proj start at zero (HRM-mini; arXiv:1901.09321)",
        "augment":
            "when puzzles become random images of themselves: as they begin, or at every segment; "
            + "grids by the symmetries that they were prepared with",
        "batch_warmup_start": "share of the batch that learns in the first step of its warm-up",
        "batch_warmup_steps":
            "steps in which more and more of the batch's slots learn (arXiv:1711.00489)",
        "best_metric": "what tells the best evaluation",
        "beta1": "AdamATan2's memory of the gradient",
        "beta2": "AdamATan2's memory of its square",
        "checkpoint_every_eval": "whether each evaluation saves the weights",
        "data_path": "folder of the data set",
        "depth_curriculum":
            "N and T from which share of the steps on, in training; evaluation has H_cycles and "
            + "L_cycles throughout (CGAR, arXiv:2511.08653)",
        "ema": "whether an average of the weights is kept and evaluated too",
        "ema_rate": "how much of the average stays at each step",
        "ema_warmup": "whether less of it stays at first: (1 + step) / (10 + step), up to ema_rate",
        "epochs": "passes over the training puzzles",
        "eval_interval": "epochs between evaluations; null: only at the end",
        "freeze_weights":
            "whether only the puzzle embedding learns, and all other weights stay as they are",
        "global_batch_size": "B, puzzles in a batch",
        "guard.action": "what a run does that diverges",
        "guard.collapse_ratio": "accuracy below this share of the best is a collapse; 0: never",
        "guard.early_stop_accuracy": "training accuracy at which the run ends; null: never",
        "guard.restore_factor": "what the rates are multiplied with when a run goes back",
        "guard.restore_limit": "how often a run goes back before it stops",
        "init_state_noise":
            "standard deviation added to a puzzle's initial states in training, which have 1",
        "load_checkpoint":
            "weights that the training begins with: a file, or the folder of a run; null: new ones",
        "lr": "AdamATan2's rate after the warm-up",
        "lr_decay_share": "share of all steps in which wsd's rates fall",
        "lr_min_ratio": "share of the rates left at the end; 1: constant",
        "lr_schedule":
            "how rates fall to lr_min_ratio: along a cosine, or wsd, stable and then along a line "
            + "(arXiv:2404.06395)",
        "lr_warmup_steps": "steps in which the rates rise",
        "muon.lr": "Muon's rate after the warm-up, as a share of a matrix's spectral norm",
        "muon.momentum": "Muon's memory of the gradient",
        "muon.steps": "Newton-Schulz iterations of a Muon update",
        "muon.weight_decay": "weight decay of Muon's matrices",
        "open_batches": "batches of puzzles that are thought about in turn; 1 as published",
        "optimizer":
            "muon: Muon (kellerjordan.github.io/posts/muon) for the blocks' matrices, AdamATan2 "
            + "for the rest",
        "puzzle_emb_lr": "SignSGD's rate, for the puzzle embedding",
        "puzzle_emb_weight_decay": "weight decay of the puzzle embedding",
        "seed": "decides every random choice",
        "segment_curriculum":
            "halt_max_steps from which share of the steps on, in training; evaluation has the last "
            + "throughout",
        "stagger_slots": "whether the first puzzles of a batch end at different times",
        "weight_decay": "weight decay of everything else",
    ]
}
