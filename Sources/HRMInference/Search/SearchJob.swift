import HRMModel
import HRMTensor

/// The state of a search for the answer to one puzzle.
///
/// Each segment is followed by one change: candidates are struck, a cell is pinned, or a
/// contradiction takes pins back.
struct SearchJob {
    /// The candidates, the input of the next segment.
    private(set) var sets: CandidateSets
    private let puzzle: [Int32]
    private let start: CandidateSets
    private let options: SearchOptions
    private var policy: SearchPolicy
    private var generator: SeededGenerator
    /// The state before each pin that is in force.
    private var trail: [(before: CandidateSets, pin: SearchPolicy.Pin)] = []
    private var idle = 0
    private var checks = 0

    /// Creates a search.
    ///
    /// - Parameters:
    ///   - puzzle: The puzzle, `[S]`.
    ///   - options: The choices.
    ///   - symbols: The number of symbols.
    ///   - vocabularySize: `V`.
    ///   - generator: Draws the pins.
    init(
        _ puzzle: [Int32], options: SearchOptions, symbols: Int, vocabularySize: Int,
        generator: SeededGenerator
    ) {
        self.puzzle = puzzle
        start = CandidateSets(of: puzzle, symbols: symbols, vocabularySize: vocabularySize)
        sets = start
        self.options = options
        policy = options.policy
        self.generator = generator
    }

    /// The candidates of each cell, and the number of pins in force.
    struct State: Sendable, Hashable {
        /// The set of each cell; bit `k` is the `k`-th symbol.
        var candidates: [Int32]
        /// The number of pins.
        var pins: Int
    }

    /// The current state.
    var state: State { State(candidates: sets.cells, pins: trail.count) }

    /// The answer so far; cells with several candidates keep their token of the puzzle.
    var tokens: [Int32] { sets.tokens(of: puzzle) }

    /// Changes the state after a segment.
    ///
    /// - Parameters:
    ///   - outputs: The model's outputs, `[S, C, 3]`.
    ///   - consistency: The logit of the state not being a contradiction.
    /// - Returns: The change; after a contradiction or a check, the next segment begins at the initial
    ///   states.
    mutating func take(_ outputs: Span<Float>, consistency: Float) -> SearchEvent {
        let isConsistent = consistency >= options.leastConsistency && !sets.hasEmptyCell
        if sets.isComplete, isConsistent {
            guard checks < options.checks else { return .answer }
            checks += 1
            return .check
        }
        if sets.isComplete || sets.hasEmptyCell || consistency < options.contradictionBelow {
            return takeBack()
        }
        idle += 1
        guard idle >= policy.thoughts else { return .thought }
        let struck = policy.strike(&sets, outputs: outputs)
        if struck > 0 {
            idle = 0
            return .strikes(count: struck)
        }
        let before = sets
        guard idle >= policy.patience,
            let pin = policy.pin(&sets, outputs: outputs, using: &generator)
        else { return .thought }
        idle = 0
        trail.append((before, pin))
        return .pin(cell: pin.cell, token: sets.firstToken + Int32(pin.symbol))
    }

    /// The least probability below which candidates are struck after many starts.
    private static let leastLimit = 0.002

    private mutating func takeBack() -> SearchEvent {
        (idle, checks) = (0, 0)
        let count = trail.count
        if options.onContradiction == .refute {
            while let (before, pin) = trail.popLast() {
                sets = before
                sets.cells[pin.cell] &= ~(1 << Int32(pin.symbol))
                if !sets.hasEmptyCell {
                    return .contradiction(pinsTakenBack: count - trail.count)
                }
            }
        }
        // What was struck without a pin, or under pins that were all refuted, is to blame; and another
        // start with the same strikes would often end the same way.
        policy.strikeBelow = max(
            policy.strikeBelow * options.caution, min(Self.leastLimit, policy.strikeBelow))
        trail = []
        sets = start
        return .contradiction(pinsTakenBack: count)
    }
}
