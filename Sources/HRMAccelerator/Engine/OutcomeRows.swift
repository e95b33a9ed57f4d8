internal import HRMModel

/// The result `outcomes` of a program, of all devices.
struct OutcomeRows: Sendable {
    private var values: [Float] = []

    /// Reads the rows of the devices with at least one of the first `count` slots.
    init(_ results: [[String: AcceleratorBuffer]], count: Int) throws(AcceleratorError) {
        for result in results {
            guard let buffer = result[TensorName.outcomes] else { continue }
            values += try buffer.read(as: Float.self)
        }
        precondition(
            values.count >= count * SegmentProgram.outcomeCount,
            "\(values.count) values for \(count) slots")
    }

    subscript(slot: Int, column: OutcomeColumn) -> Float {
        values[slot * SegmentProgram.outcomeCount + column.rawValue]
    }

    /// The losses of a slot.
    func loss(_ slot: Int) -> SequenceLoss {
        func value(_ column: OutcomeColumn) -> Double { Double(self[slot, column]) }
        return SequenceLoss(
            labelCount: Int(self[slot, .labelCount]), correctCount: Int(self[slot, .correctCount]),
            tokenLoss: value(.tokenLoss), qHaltLoss: value(.qHaltLoss),
            qContinueLoss: value(.qContinueLoss))
    }
}
