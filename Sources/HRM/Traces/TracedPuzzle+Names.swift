import HRMFigures
package import HRMInference

extension TracedPuzzle {
    /// Returns the model's confidence in percent.
    package static func sure(_ reading: ThinkingTrace.Reading) -> String {
        NumberText.percent(reading.confidence, digits: 0)
    }

    /// Returns the short name of an update, such as "L 2.1" for the first fast one of cycle 2.
    package static func name(of update: ThinkingTrace.Update) -> String {
        switch update.loop {
        case .fast: "L \(update.cycle).\(update.number)"
        case .slow: "H \(update.cycle)"
        }
    }
}
