/// The values of a setting over the course of training, in stages.
///
/// The text form lists shares of all steps and values: `0:2,0.1:16` is 2 from the start and 16
/// after 10 % of the steps. The value of a step depends only on its number. Evaluation and
/// inference always use the model's own value, which equals the last stage's.
public struct Curriculum<Value>: Sendable, Hashable
where Value: LosslessStringConvertible & Hashable & Sendable {
    /// A value and the start of its stage.
    public struct Stage: Sendable, Hashable {
        /// The share of all steps completed when the stage begins.
        public let start: Double
        /// The value of the setting.
        public let value: Value
    }

    /// The stages in order of their starts; the first starts at 0.
    public let stages: [Stage]

    /// Parses stages; nil if the text is malformed.
    ///
    /// - Parameter text: `share:value`, separated by commas; the shares increase from 0 and stay
    ///   below 1.
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

    /// The stages in text form.
    public var text: String {
        stages.map {
            let start = $0.start == 0 ? "0" : $0.start.description
            return "\(start):\($0.value)"
        }.joined(separator: ",")
    }

    /// Returns the number of steps of each stage; a stage may have none in a short training.
    ///
    /// - Parameter total: The steps of the whole training.
    /// - Returns: One number per stage.
    public func stepCounts(of total: Int) -> [Int] {
        let starts = stages.map { Int((Double(total) * $0.start).rounded(.up)) } + [total]
        return zip(starts, starts.dropFirst()).map { $1 - $0 }
    }

    /// Returns the value in a step.
    ///
    /// - Parameters:
    ///   - step: The number of the step; the first one is 1.
    ///   - total: The steps of the whole training.
    /// - Returns: The value of the last stage that has begun.
    public func value(at step: Int, of total: Int) -> Value {
        (stages.last { Double(step - 1) >= Double(total) * $0.start } ?? stages[0]).value
    }
}

/// The depth of a segment over training: shallow and cheap at first, when deep recursion has little
/// benefit ([Qasim & Zhang, 2025](https://arxiv.org/abs/2511.08653)).
public typealias DepthCurriculum = Curriculum<SegmentDepth>

/// The maximum number of segments per puzzle over training: few at first, so that a batch covers
/// more puzzles than with sixteen updates each.
public typealias SegmentCurriculum = Curriculum<Int>

/// The cycles of a segment, in the form `NxT`.
public struct SegmentDepth: LosslessStringConvertible, Sendable, Hashable {
    /// `N`, the slow updates in a segment.
    public let highCycles: Int
    /// `T`, the fast updates per slow update.
    public let lowCycles: Int

    /// Parses a depth; nil unless the text consists of two positive numbers.
    public init?(_ text: String) {
        let cycles = text.split(separator: "x", omittingEmptySubsequences: false)
        guard cycles.count == 2, let high = Int(cycles[0]), let low = Int(cycles[1]), high >= 1,
            low >= 1
        else { return nil }
        (highCycles, lowCycles) = (high, low)
    }

    /// The depth in text form.
    public var description: String { "\(highCycles)x\(lowCycles)" }
}
