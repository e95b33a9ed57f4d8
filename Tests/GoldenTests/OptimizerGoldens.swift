import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine

/// Kind `optim_adam_atan2`: parameters and moments after each step; a tensor without a gradient
/// in a step is left alone, its step count too.
func checkAdamATan2(_ golden: GoldenCase) throws {
    let stored = try golden.json(AdamATan2Case.self)
    let tensors = try golden.tensors()
    for (name, finalCount) in stored.final_step_counts {
        let initial = try tensors["init.\(name)"].floats
        let parameters = Matrix(initial, rows: 1, columns: initial.count)
        let optimizer = AdamATan2(
            count: initial.count, betas: (stored.beta1, stored.beta2),
            weightDecay: stored.weight_decay)
        var updates = 0
        for step in 1...stored.steps {
            let key = "step\(step).grad.\(name)"
            if tensors.names.contains(key) {
                let gradient = Matrix(try tensors[key].floats, rows: 1, columns: initial.count)
                updates += 1
                optimizer.update(
                    parameters, gradients: [gradient], learningRate: stored.lr_per_step[step - 1],
                    number: updates, workers: Workers(count: 1))
                #expect(gradient.values.allSatisfy { $0 == 0 }, "the gradient is used up")
            }
            for (field, values) in [
                ("param", parameters.values), ("exp_avg", optimizer.firstMoment.values),
                ("exp_avg_sq", optimizer.secondMoment.values),
            ] {
                expectClose(
                    values, try tensors["step\(step).float32.\(field).\(name)"].floats,
                    Tolerance(absolute: 1e-9, relative: 1e-6), "step \(step) \(field) \(name)")
            }
        }
        #expect(updates == finalCount, "\(name)")
    }
}

/// Kind `optim_sparse_signsgd`.
func checkSparseSignSGD(_ golden: GoldenCase) throws {
    let stored = try golden.json(SparseSignSGDCase.self)
    let tensors = try golden.tensors()
    let initial = try tensors["weights_init"]
    let table = Matrix(initial.floats, rows: initial.shape[0], columns: initial.shape[1])
    let optimizer = SparseSignSGD(weightDecay: stored.weight_decay)
    for step in 1...stored.steps {
        let ids = try tensors["step\(step).ids"].integers.map(Int32.init)
        let gradient = try tensors["step\(step).grad"]
        expectClose(
            ids.flatMap { table.rows(Int($0)..<(Int($0) + 1)).values },
            try tensors["step\(step).looked_up"].floats, Tolerance(absolute: 1e-6),
            "step \(step) looked_up")
        optimizer.update(
            table, identifiers: ids,
            gradients: Matrix(gradient.floats, rows: gradient.shape[0], columns: gradient.shape[1]),
            learningRate: stored.lr_per_step[step - 1])
        let expected = try tensors["step\(step).weights"].floats
        expectClose(
            table.values, expected, Tolerance(absolute: 1e-7, relative: 1e-6),
            "step \(step) weights")
    }
}
