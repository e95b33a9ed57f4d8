/// Configurations as the reference's training writes them beside its checkpoints.
enum ReferenceConfiguration {
    /// The architecture of `TinyPuzzles`.
    static let tiny = """
        arch:
          H_cycles: 1
          H_layers: 1
          L_cycles: 1
          L_layers: 1
          expansion: 4
          forward_dtype: float32
          halt_exploration_prob: 0.1
          halt_max_steps: 2
          hidden_size: 16
          loss:
            loss_type: stablemax_cross_entropy
            name: losses@ACTLossHead
          name: hrm.hrm_act_v1@HierarchicalReasoningModel_ACTV1
          num_heads: 2
          pos_encodings: learned
          puzzle_emb_ndim: 16
        beta1: 0.9
        beta2: 0.95
        checkpoint_every_eval: false
        checkpoint_path: checkpoints/Sudoku-extreme-1k-aug-1000 ACT-torch/HierarchicalReasoningModel_ACTV1
          loose-caracara
        data_path: data/sudoku
        epochs: 20000
        eval_interval: 2000
        eval_save_outputs: []
        global_batch_size: 384
        lr: 7.0e-05
        lr_min_ratio: 1.0
        lr_warmup_steps: 2000
        project_name: Sudoku-extreme-1k-aug-1000 ACT-torch
        puzzle_emb_lr: 7.0e-05
        puzzle_emb_weight_decay: 1.0
        run_name: HierarchicalReasoningModel_ACTV1 loose-caracara
        seed: 0
        weight_decay: 1.0

        """

    /// The published TRM.
    static let trm = """
        arch:
          H_cycles: 3
          H_layers: 0
          L_cycles: 6
          L_layers: 2
          expansion: 4
          forward_dtype: bfloat16
          halt_exploration_prob: 0.1
          halt_max_steps: 16
          hidden_size: 512
          loss:
            loss_type: stablemax_cross_entropy
            name: losses@ACTLossHead
          mlp_t: false
          name: recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1
          no_ACT_continue: true
          num_heads: 8
          pos_encodings: rope
          puzzle_emb_len: 16
          puzzle_emb_ndim: 512
        checkpoint_path: null
        data_paths:
        - data/arc1concept-aug-1000
        data_paths_test: []
        ema: true
        evaluators:
        - name: arc@ARC
          pass_Ks:
          - 1
          - 2
        - name: other@Evaluator
          pass_Ks:
          - 1
        load_checkpoint: null
        seed: 0

        """
}
