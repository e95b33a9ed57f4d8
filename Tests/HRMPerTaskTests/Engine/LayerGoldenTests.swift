import HRMFiles
import HRMTensor
import Testing

@testable import HRMPerTask

/// Each layer's output and gradients, against recorded numbers.
@Suite struct LayerGoldenTests {
    /// The input of a layer, the gradient of its output, and the weights.
    struct Setting {
        let numbers: RecordedNumbers
        let task: TaskTensors
        let kinds: [AxisSet]
        let memory: LayerMemory
        let input: Multitensor
        let gradient: Multitensor

        init(_ name: String) throws {
            numbers = try RecordedNumbers(name)
            task = try numbers.task()
            let settings = numbers.recorded.settings
            kinds = settings.tensors?.kinds ?? AxisSet.all
            let layout = MultitensorLayout(task)
            memory = LayerMemory(layout)
            input = Multitensor(layout)
            gradient = Multitensor(layout)
            let source =
                settings.input == "given" ? numbers : try RecordedNumbers(settings.input ?? "")
            for kind in kinds {
                try source.fill(input[kind], "x.\(kind.name)")
                try source.fill(gradient[kind], "u.\(kind.name)")
            }
        }

        func weight(_ name: String) throws -> Weight {
            let tensor = try numbers.given.tensor("w." + name)
            return Weight(
                Matrix(
                    tensor.floats(), rows: tensor.shape.dropLast().reduce(1, *),
                    columns: tensor.shape.last ?? 1))
        }

        var canvasMask: Matrix {
            Matrix(task.unionMask, rows: task.examples, columns: task.rows * task.columns)
        }
    }

    @Test(arguments: GoldenFolder.names("layer_").filter { $0 != "layer_input" })
    func matchesRecordedLayer(_ name: String) throws {
        let setting = try Setting(name)
        let (input, memory, kinds) = (setting.input, setting.memory, setting.kinds)
        let output = input.replacing(kinds)
        var weights: [String: Weight] = [:]
        for name in setting.numbers.given.names where name.hasPrefix("w.") {
            weights[String(name.dropFirst(2))] = try setting.weight(String(name.dropFirst(2)))
        }
        func weight(_ name: String) -> Weight {
            weights[name] ?? Weight(Matrix(rows: 0, columns: 0))
        }
        func projections() -> Projections {
            Projections(kinds) {
                Projection(
                    input: weight("\($0.tied.name).in"), output: weight("\($0.tied.name).out"))
            }
        }
        let layer: any Layer
        switch setting.numbers.recorded.settings.layer {
        case "normalise": layer = NormLayer(input: input, output: output, kinds: kinds)
        case "share_up":
            layer = ShareUpLayer(
                input: input, output: output, memory: memory, weights: projections())
        case "share_down":
            let layout = memory.layout
            let factors =
                setting.task.outputSizesAreKnown
                ? AxisFactors.maskedMeans(layout, union: setting.task.unionMask)
                : AxisFactors.means(layout)
            layer = ShareDownLayer(
                input: input, output: output, factors: factors, memory: memory,
                weights: projections())
        case "softmax":
            layer = SoftmaxLayer(
                input: input, output: output, kinds: kinds, memory: memory, weights: projections())
        case "nonlinear":
            layer = NonlinearLayer(
                input: input, output: output, kinds: kinds, weights: projections())
        case "direction":
            layer = DirectionLayer(input: input, output: output, kinds: kinds, memory: memory) {
                weight($0.tied.name)
            }
        case "cummax", "shift":
            layer = LineLayer(
                setting.numbers.recorded.settings.layer == "shift" ? .shift : .runningMaximum,
                input: input, output: output, mask: setting.canvasMask, memory: memory,
                weights: projections())
        default:
            Issue.record("an unknown layer")
            return
        }
        layer.forward()
        layer.backward(setting.gradient)
        for kind in kinds {
            try setting.numbers.expect(output[kind].values, "y.\(kind.name)")
            try setting.numbers.expect(setting.gradient[kind].values, "gx.\(kind.name)")
        }
        for (name, weight) in weights {
            try setting.numbers.expect(weight.gradient.values, "gw.\(name)")
        }
    }

    @Test func matchesRecordedLines() throws {
        let numbers = try RecordedNumbers("directional_operations")
        let task = try numbers.task()
        let mask = Matrix(task.unionMask, rows: task.examples, columns: task.rows * task.columns)
        let scratch = Scratch()
        for kind in LineLayer.kinds {
            let lines = CanvasLines(
                examples: task.examples, colours: kind.contains(.colour) ? task.colours : 1,
                rows: task.rows, columns: task.columns, mask: mask)
            let positions = MultitensorLayout(task).positions(kind)
            let z = Matrix(rows: positions, columns: 4), y = Matrix(rows: positions, columns: 4)
            let u = Matrix(rows: positions, columns: 4), dz = Matrix(rows: positions, columns: 4)
            try numbers.fill(z, "z.\(kind.name)")
            try numbers.fill(u, "u.\(kind.name)")
            lines.shift(z, into: y)
            try numbers.expect(y.values, "shift.\(kind.name)")
            lines.shiftBackward(u, into: dz)
            try numbers.expect(dz.values, "shift.gz.\(kind.name)")
            lines.runningMaximum(z, into: y, scratch: scratch)
            try numbers.expect(y.values, "cummax.\(kind.name)")
            lines.runningMaximumBackward(u, z: z, scratch: scratch)
            try numbers.expect(u.values, "cummax.gz.\(kind.name)")
        }
    }

    @Test func matchesRecordedDecoding() throws {
        let numbers = try RecordedNumbers("decode")
        let layout = MultitensorLayout(try numbers.task())
        let kinds = numbers.recorded.settings.tensors?.kinds ?? []
        let output = Multitensor(layout, kinds: kinds)
        let gradient = Multitensor(layout, kinds: kinds)
        let divergences = Multitensor(layout, kinds: kinds, width: 4)
        let divergenceWeights = Multitensor(layout, kinds: kinds, width: 4)
        var weights: [String: Weight] = [:]
        for name in numbers.given.names where name.hasPrefix("latent") || name.hasPrefix("dec") {
            let tensor = try numbers.given.tensor(name)
            weights[name] = Weight(
                Matrix(
                    tensor.floats(), rows: tensor.shape.dropLast().reduce(1, *),
                    columns: tensor.shape.last ?? 1))
        }
        let decoding = DecodingLayer(output: output, kinds: kinds, layout: layout) {
            weights[$0] ?? Weight(Matrix(rows: 0, columns: 0))
        }
        for kind in kinds {
            try numbers.fill(decoding.noise[kind], "noise.\(kind.name)")
            try numbers.fill(gradient[kind], "ux.\(kind.name)")
            try numbers.fill(divergenceWeights[kind], "uk.\(kind.name)")
        }
        var sums = [Double](repeating: 0, count: kinds.count)
        decoding.forward(divergences: &sums, details: divergences)
        decoding.backward(gradient, divergenceWeights: divergenceWeights)
        for (index, kind) in kinds.enumerated() {
            try numbers.expect(output[kind].values, "x.\(kind.name)")
            try numbers.expect(divergences[kind].values, "kl.\(kind.name)")
            let sum = divergences[kind].values.reduce(0) { $0 + Double($1) }
            #expect(abs(sum - sums[index]) <= 1e-5 * abs(sum))
        }
        for (name, weight) in weights {
            try numbers.expect(weight.gradient.values, "g.\(name)")
        }
    }

    @Test func matchesRecordedHeads() throws {
        let numbers = try RecordedNumbers("heads")
        let task = try numbers.task()
        let input = Multitensor(MultitensorLayout(task))
        let gradient = Multitensor(MultitensorLayout(task))
        let source = try RecordedNumbers("layer_input")
        for kind in OutputHeads.kinds { try source.fill(input[kind], "x.\(kind.name)") }
        var weights: [String: Weight] = [:]
        for name in numbers.given.names where name.hasPrefix("head") {
            let tensor = try numbers.given.tensor(name)
            weights[name] = Weight(
                Matrix(
                    tensor.floats(), rows: tensor.shape.dropLast().reduce(1, *),
                    columns: tensor.shape.last ?? 1))
        }
        let heads = OutputHeads(input: input) { weights[$0] ?? Weight(Matrix(rows: 0, columns: 0)) }
        try numbers.fill(heads.logitGradients, "u.logits")
        try numbers.fill(heads.rowGradients, "u.row_scores")
        try numbers.fill(heads.columnGradients, "u.column_scores")
        heads.forward()
        heads.backward(into: gradient)
        try numbers.expect(heads.logits.values, "logits")
        try numbers.expect(
            zip(heads.rowScores.values, task.rowAddends).map { $0 + $1 }, "row_scores")
        try numbers.expect(
            zip(heads.columnScores.values, task.columnAddends).map { $0 + $1 }, "column_scores")
        for kind in OutputHeads.kinds {
            try numbers.expect(gradient[kind].values, "gx.\(kind.name)")
        }
        for (name, weight) in weights {
            try numbers.expect(weight.gradient.values, "g.\(name)")
        }
    }
}
