import HRMTensor
import Testing
import _HRMTestSupport

/// Kind `optim_adam_atan2`.
func checkReferenceAdamATan2(_ golden: GoldenCase) throws {
    let stored = try golden.json(AdamATan2Case.self)
    let tensors = try golden.tensors()
    for (name, finalCount) in stored.final_step_counts {
        func row(_ values: [Double]) -> PlainMatrix {
            PlainMatrix(values, rows: 1, columns: values.count)
        }
        var parameters = row(try tensors["init.\(name)"].doubles)
        var mean = PlainMatrix(0, rows: 1, columns: parameters.columns)
        var meanSquare = mean
        var number = 0
        let optimizer = ReferenceAdamATan2(
            betas: (stored.beta1, stored.beta2), weightDecay: stored.weight_decay)
        for step in 1...stored.steps {
            let key = "step\(step).grad.\(name)"
            if tensors.names.contains(key) {
                number += 1
                optimizer.update(
                    &parameters, mean: &mean, meanSquare: &meanSquare,
                    gradient: row(try tensors[key].doubles),
                    learningRate: stored.lr_per_step[step - 1], number: number)
            }
            for (field, values) in [
                ("param", parameters), ("exp_avg", mean), ("exp_avg_sq", meanSquare),
            ] {
                expectClose(
                    values.values, try tensors["step\(step).float64.\(field).\(name)"].doubles,
                    Tolerance(absolute: 1e-12, relative: 1e-9), "step \(step) \(field) \(name)")
            }
        }
        #expect(number == finalCount, "\(name)")
    }
}

/// Kind `optim_sparse_signsgd`.
func checkReferenceSignSGD(_ golden: GoldenCase) throws {
    let stored = try golden.json(SparseSignSGDCase.self)
    let tensors = try golden.tensors()
    let initial = try tensors["weights_init"]
    var table = PlainMatrix(initial.doubles, rows: initial.shape[0], columns: initial.shape[1])
    for step in 1...stored.steps {
        let ids = try tensors["step\(step).ids"].integers.map(Int32.init)
        let rows = try ids.indices.map { index in
            let gradient = try tensors.doubles("step\(step).grad", at: index)
            return (
                identifier: ids[index],
                gradient: PlainMatrix(gradient, rows: 1, columns: gradient.count)
            )
        }
        ReferenceSignSGD.update(
            &table, rows: rows, learningRate: stored.lr_per_step[step - 1],
            weightDecay: stored.weight_decay)
        expectClose(
            table.values, try tensors["step\(step).weights"].doubles,
            Tolerance(absolute: 1e-7, relative: 1e-6), "step \(step) weights")
    }
}
