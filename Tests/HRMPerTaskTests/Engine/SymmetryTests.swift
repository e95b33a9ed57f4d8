import HRMTensor
import Testing

@testable import HRMPerTask

/// The symmetries of the network: permuted latents and noise give permuted outputs.
@Suite struct SymmetryTests {
    /// A symmetry as the index that each index of an axis comes from.
    struct Symmetry: CustomTestStringConvertible, Sendable {
        var name: String
        var source: @Sendable (Axis, Int, Int) -> Int
        var exchangesRowsAndColumns = false
        var testDescription: String { name }
    }

    static let symmetries = [
        Symmetry(name: "colours") { axis, index, count in
            axis == .colour ? (index + 1) % count : index
        },
        Symmetry(name: "examples") { axis, index, count in
            axis == .example ? (index + 2) % count : index
        },
        Symmetry(name: "mirrored rows") { axis, index, count in
            switch axis {
            case .row: count - 1 - index
            case .direction: (4 - index + 8) % 8
            default: index
            }
        },
        Symmetry(name: "mirrored columns") { axis, index, count in
            switch axis {
            case .column: count - 1 - index
            case .direction: (8 - index) % 8
            default: index
            }
        },
        Symmetry(name: "half turn") { axis, index, count in
            switch axis {
            case .row, .column: count - 1 - index
            case .direction: (index + 4) % 8
            default: index
            }
        },
        Symmetry(
            name: "exchanged rows and columns",
            source: { axis, index, _ in axis == .direction ? (10 - index) % 8 : index },
            exchangesRowsAndColumns: true),
    ]

    /// The values of a tensor after the symmetry, from those of the tensor it comes from.
    static func moved(
        _ values: (AxisSet) -> [Float], _ kind: AxisSet, width: Int, by symmetry: Symmetry,
        layout: MultitensorLayout
    ) -> [Float] {
        let exchange: (AxisSet) -> AxisSet = { kind in
            let isOne = kind.contains(.row) != kind.contains(.column)
            return symmetry.exchangesRowsAndColumns && isOne
                ? kind.symmetricDifference([.row, .column]) : kind
        }
        let sourceKind = exchange(kind)
        let source = values(sourceKind)
        let (axes, lengths) = (kind.axes, layout.lengths(kind))
        return (0..<layout.positions(kind)).flatMap { position in
            var rest = position
            var index: [Axis: Int] = [:]
            for (axis, length) in zip(axes, lengths).reversed() {
                index[axis] = symmetry.source(axis, rest % length, length)
                rest /= length
            }
            if symmetry.exchangesRowsAndColumns {
                (index[.row], index[.column]) = (index[.column], index[.row])
            }
            let place = sourceKind.axes.reduce(0) { $0 * layout.length($1) + (index[$1] ?? 0) }
            return Array(source[(place * width)..<((place + 1) * width)])
        }
    }

    @Test(arguments: symmetries) func permutedLatentsGivePermutedOutputs(
        _ symmetry: Symmetry
    ) throws {
        let side = 3
        let task = try EngineTask.tensors(rows: side, columns: side)
        let layout = MultitensorLayout(task)
        var options = NetworkOptions()
        options.tiesSoftmaxes = symmetry.exchangesRowsAndColumns
        let network = PerTaskNetwork(task, options: options)
        var generator = SeededGenerator(seed: 12)
        network.initialise(using: &generator)
        network.decoding.drawNoise(using: &generator)
        for kind in AxisSet.all {
            // Latents that differ by more than noise.
            for name in ["mean", "adjust"] {
                NormalNumbers.fill(
                    network.parameters["latent.\(kind.name).\(name)"].value, using: &generator)
            }
            network.parameters["latent.\(kind.name).capacity"].value.assign(
                [-0.9, -0.8, -0.85, -0.7])
        }
        network.forward()
        let logits = network.heads.logits.values

        func move(_ matrix: (AxisSet) -> Matrix) {
            let old = AxisSet.all.map { matrix($0).values }
            func values(_ kind: AxisSet) -> [Float] { old[AxisSet.all.firstIndex(of: kind) ?? 0] }
            for kind in AxisSet.all {
                matrix(kind).assign(
                    Self.moved(values, kind, width: 4, by: symmetry, layout: layout))
            }
        }
        move { network.decoding.noise[$0] }
        move { network.parameters["latent.\($0.name).mean"].value }
        move { network.parameters["latent.\($0.name).adjust"].value }
        network.forward()
        let wanted = Self.moved(
            { _ in logits }, AxisSet("ecxy"), width: 2, by: symmetry, layout: layout)
        let actual = network.heads.logits.values
        let mean = logits.reduce(0, +) / Float(logits.count)
        let size = (logits.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(logits.count))
            .squareRoot()
        let error = zip(actual, wanted).map { abs($0 - $1) }.max() ?? 0
        #expect(size > 0.1 && error < 0.01 * size, "\(error) of \(size)")
        // The outputs do depend on what was permuted.
        #expect(zip(actual, logits).contains { abs($0 - $1) > 0.03 * size })
    }
}
