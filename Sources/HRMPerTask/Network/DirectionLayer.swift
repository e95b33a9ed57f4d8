import HRMTensor

/// Communication between the directions of each tensor that has them; see `DirectionMaps`.
package struct DirectionLayer: Layer {
    private let input: Multitensor
    private let output: Multitensor
    private let kinds: [AxisSet]
    private let memory: LayerMemory
    private let matrices: [Weight]
    private let maps: [DirectionMaps]
    private let statistics: Multitensor

    /// Creates the layer.
    ///
    /// - Parameters:
    ///   - input: The old values.
    ///   - output: The new values.
    ///   - kinds: The tensors on which the layer acts, all with directions.
    ///   - memory: Temporary memory.
    ///   - matrices: The matrices of a tensor, shape `[classes · 8, 8]`.
    package init(
        input: Multitensor, output: Multitensor, kinds: [AxisSet], memory: LayerMemory,
        matrices: (AxisSet) -> Weight
    ) {
        self.input = input
        self.output = output
        self.kinds = kinds
        self.memory = memory
        self.matrices = kinds.map(matrices)
        let layout = memory.layout
        maps = kinds.map { kind in
            DirectionMaps(
                outer: layout.positions(kind.intersection([.example, .colour])),
                inner: layout.positions(kind.intersection([.row, .column])),
                classes: DirectionClasses.table(kind))
        }
        statistics = Multitensor(rowsOf: kinds, rows: 2)
    }

    package func forward() {
        for (index, kind) in kinds.enumerated() {
            maps[index].forward(
                input[kind], matrices: matrices[index].value, statistics: statistics[kind],
                into: output[kind], scratch: memory.scratch)
        }
    }

    package func backward(_ gradient: Multitensor) {
        for (index, kind) in kinds.enumerated() {
            maps[index].backward(
                gradient[kind], x: input[kind], matrices: matrices[index].value,
                statistics: statistics[kind], matricesGradient: matrices[index].gradient,
                scratch: memory.scratch)
        }
    }
}
