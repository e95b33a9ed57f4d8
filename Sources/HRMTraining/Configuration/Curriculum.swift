/// What a setting is at which time of a training, in stages.
///
/// Written as shares of all steps and values, `0:2,0.1:16`: from the start on 2, from 10 % of the steps
/// on 16. A step's value follows from its number alone. Whoever evaluates or solves has the model's own
/// at every time, which is the last stage's.
public struct Curriculum<Value>: Sendable, Hashable
where Value: LosslessStringConvertible & Hashable & Sendable {
    /// A value, and from when on.
    public struct Stage: Sendable, Hashable {
        /// The share of all steps that has been made when the stage begins.
        public let start: Double
        /// What the setting is.
        public let value: Value
    }

    /// In the order of their starts, the first of which is 0.
    public let stages: [Stage]

    /// Reads stages; nil when the text is not of their form.
    ///
    /// - Parameter text: `share:value`, separated by commas, the shares growing from 0 and below 1.
    public init?(_ text: String) {
        var stages: [Stage] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: ":", omittingEmptySubsequences: false)
            guard sides.count == 2, let start = Double(sides[0]),
                let value = Value(String(sides[1])), start < 1,
                stages.last.map({ $0.start < start }) ?? (start == 0)
            else { return nil }
            stages.append(Stage(start: start, value: value))
        }
        self.stages = stages
    }

    /// The stages as they are written.
    public var text: String {
        stages.map {
            let start = $0.start == 0 ? "0" : $0.start.description
            return "\(start):\($0.value)"
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

    /// The value in a step.
    ///
    /// - Parameters:
    ///   - step: The number of the step; the first of a training is 1.
    ///   - total: Steps of the whole training.
    /// - Returns: That of the last stage that has begun.
    public func value(at step: Int, of total: Int) -> Value {
        (stages.last { Double(step - 1) >= Double(total) * $0.start } ?? stages[0]).value
    }
}

/// How deep a segment is: shallow at first, when little can be learned from many cycles, and cheap
/// therefore ([Qasim & Zhang, 2025](https://arxiv.org/abs/2511.08653)).
public typealias DepthCurriculum = Curriculum<SegmentDepth>

/// How many segments a puzzle is given at most: few at first, so that a batch shows more puzzles than one
/// that keeps them for sixteen updates.
public typealias SegmentCurriculum = Curriculum<Int>

/// The cycles of a segment, written `NxT`.
public struct SegmentDepth: LosslessStringConvertible, Sendable, Hashable {
    /// `N`, slow updates in a segment.
    public let highCycles: Int
    /// `T`, fast updates for each of them.
    public let lowCycles: Int

    /// Reads a depth; nil unless there are two numbers, neither below 1.
    public init?(_ text: String) {
        let cycles = text.split(separator: "x", omittingEmptySubsequences: false)
        guard cycles.count == 2, let high = Int(cycles[0]), let low = Int(cycles[1]), high >= 1,
            low >= 1
        else { return nil }
        (highCycles, lowCycles) = (high, low)
    }

    /// The depth as it is written.
    public var description: String { "\(highCycles)x\(lowCycles)" }
}
