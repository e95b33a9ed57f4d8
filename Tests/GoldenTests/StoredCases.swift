/// The settings and results of a case of the kind `optim_adam_atan2`.
struct AdamATan2Case: Decodable {
    var beta1: Double
    var beta2: Double
    var weight_decay: Double
    var steps: Int
    var lr_per_step: [Double]
    var final_step_counts: [String: Int]
}

/// The settings of a case of the kind `optim_sparse_signsgd`.
struct SparseSignSGDCase: Decodable {
    var weight_decay: Double
    var steps: Int
    var lr_per_step: [Double]
}

/// The settings and results of a case of the kind `loss`.
struct LossCase: Decodable {
    var loss_type: String
    var has_target_q_continue: Bool
    var metrics: [String: Double]
    var loss: Double
}
