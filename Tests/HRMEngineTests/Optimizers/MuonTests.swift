import Foundation
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine

@Suite struct MuonTests {
    private static let settings: MuonSettings = {
        var settings = MuonSettings()
        settings.momentum = 0.8
        settings.weightDecay = 0.5
        settings.iterations = 4
        return settings
    }()
    private static let rate = 0.05

    /// The state of an optimizer and its model after some updates with the given gradients.
    private struct Updated {
        let model = TinyPuzzles.model()
        let momentum: Matrix
        var gradients: [Matrix] = []

        init(steps: Int, workers: Workers, parts: Int) {
            let count = model.layout.flatCount
            momentum = Matrix(rows: 1, columns: count)
            let muon = Muon(layout: model.layout, settings: MuonTests.settings, workers: workers)
            var generator = SeededGenerator(seed: 411)
            for _ in 0..<steps {
                gradients = (0..<parts).map { _ in
                    Matrix(generator.values(count), rows: 1, columns: count)
                }
                muon.update(
                    model.parameters, momentum: momentum, gradients: gradients,
                    learningRate: MuonTests.rate, workers: workers)
            }
        }
    }

    /// Two updates of each matrix in float64, queries, keys and values apart, and gate and up.
    @Test func updatesFollowTheFormula() throws {
        let start = TinyPuzzles.model()
        let layout = start.layout
        let found = Updated(steps: 2, workers: Workers(count: 2), parts: 2)
        var generator = SeededGenerator(seed: 411)
        let gradients = (0..<2).map { _ in
            let parts = (0..<2).map { _ in generator.values(layout.flatCount).map(Double.init) }
            return zip(parts[0], parts[1]).map(+)
        }
        let expectedParts = [
            "self_attn.qkv_proj.weight": 3, "self_attn.o_proj.weight": 1,
            "mlp.gate_up_proj.weight": 2, "mlp.down_proj.weight": 1,
        ]
        var matrices = 0
        for entry in layout.entries {
            let name = entry.name
            let before = entry.matrix(in: start.parameters).values
            let after = entry.matrix(in: found.model.parameters).values
            guard let suffix = expectedParts.keys.first(where: name.hasSuffix) else {
                #expect(before == after, "\(name) is not Muon's")
                #expect(entry.matrix(in: found.gradients[0]).values.contains { $0 != 0 })
                continue
            }
            let parts = try #require(expectedParts[suffix])
            matrices += parts
            let (rows, columns) = (entry.shape[0] / parts, entry.shape[1])
            for part in 0..<parts {
                let local = (part * rows * columns)..<((part + 1) * rows * columns)
                let flat = (entry.offset + local.lowerBound)..<(entry.offset + local.upperBound)
                func matrix(_ values: some Sequence<Double>) -> PlainMatrix {
                    PlainMatrix(Array(values), rows: rows, columns: columns)
                }
                var weight = matrix(before[local].map(Double.init))
                var momentum = matrix(repeatElement(0, count: rows * columns))
                for gradient in gradients.map({ matrix($0[flat]) }) {
                    momentum = momentum.scaled(by: 0.8).adding(gradient.scaled(by: 0.2))
                    let ahead = momentum.scaled(by: 0.8).adding(gradient.scaled(by: 0.2))
                    let factor = (rows > columns ? Double(rows) / Double(columns) : 1).squareRoot()
                    weight = weight.scaled(by: 1 - Self.rate * 0.5).adding(
                        ahead.orthogonalized(iterations: 4).scaled(by: -Self.rate * factor))
                }
                expectClose(
                    after[local].map(Double.init), weight.values, Tolerance(absolute: 2e-5),
                    "\(name), part \(part)")
                expectClose(
                    found.momentum.values[flat].map(Double.init), momentum.values,
                    Tolerance(absolute: 1e-6), "momentum of \(name), part \(part)")
            }
            for gradient in found.gradients {
                #expect(entry.matrix(in: gradient).values.allSatisfy { $0 == 0 }, "\(name)")
            }
        }
        #expect(matrices == 14)
    }

    @Test func theSameComesOutWhoeverDoesIt() {
        let alone = Updated(steps: 2, workers: Workers(count: 1), parts: 1)
        for count in [2, 3, 20] {
            let shared = Updated(steps: 2, workers: Workers(count: count), parts: 1)
            #expect(shared.model.parameters.values == alone.model.parameters.values)
            #expect(shared.momentum.values == alone.momentum.values)
        }
    }
}
