/// How deep a segment is at which time of a training: shallow at first, when little can be learned
/// from many cycles, and cheap therefore
/// ([Qasim & Zhang, 2025](https://arxiv.org/abs/2511.08653)).
///
/// Written as stages, `0:1x2,0.3:2x4,0.6:3x6`: from the start on one slow update with two fast ones,
/// from 30 % of the steps on two with four each, from 60 % on three with six. A step's depth follows
/// from its number alone. Whoever evaluates or solves has the model's full depth at every time.
public struct DepthCurriculum: Sendable, Hashable {
    /// A depth, and from when on.
    public struct Stage: Sendable, Hashable {
        /// The share of all steps that has been made when the stage begins.
        public let start: Double
        /// `N`, slow updates in a segment.
        public let highCycles: Int
        /// `T`, fast updates for each of them.
        public let lowCycles: Int
    }

    /// In the order of their starts, the first of which is 0.
    public let stages: [Stage]

    /// Reads stages; nil when the text is not of their form.
    ///
    /// - Parameter text: `share:NxT`, separated by commas, the shares growing from 0 and below 1.
    public init?(_ text: String) {
        var stages: [Stage] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: ":", omittingEmptySubsequences: false)
            guard sides.count == 2 else { return nil }
            let cycles = sides[1].split(separator: "x", omittingEmptySubsequences: false)
            guard cycles.count == 2, let high = Int(cycles[0]), let low = Int(cycles[1]),
                let start = Double(sides[0]), high >= 1, low >= 1, start < 1,
                stages.last.map({ $0.start < start }) ?? (start == 0)
            else { return nil }
            stages.append(Stage(start: start, highCycles: high, lowCycles: low))
        }
        self.stages = stages
    }

    /// The stages as they are written.
    public var text: String {
        stages.map {
            let start = $0.start == 0 ? "0" : $0.start.description
            return "\(start):\($0.highCycles)x\($0.lowCycles)"
        }.joined(separator: ",")
    }

    /// Steps of each stage; some can have none in a short training.
    ///
    /// - Parameter total: Steps of the whole training.
    /// - Returns: One number a stage.
    public func stepCounts(of total: Int) -> [Int] {
        let starts = stages.map { Int((Double(total) * $0.start).rounded(.up)) } + [total]
        return zip(starts, starts.dropFirst()).map { $1 - $0 }
    }

    /// The stage of a step.
    ///
    /// - Parameters:
    ///   - step: The number of the step; the first of a training is 1.
    ///   - total: Steps of the whole training.
    /// - Returns: The last stage that has begun.
    public func stage(at step: Int, of total: Int) -> Stage {
        stages.last { Double(step - 1) >= Double(total) * $0.start } ?? stages[0]
    }
}
