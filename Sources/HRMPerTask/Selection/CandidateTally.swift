import HRMData

/// The candidates for one or several grids that are judged together, and the two best of them.
struct CandidateTally: Sendable, Hashable {
    /// An answer that the network gave in at least one step.
    struct Candidate: Sendable, Hashable {
        /// The grids, one for each judged test pair.
        var grids: [PuzzleGrid]
        /// The logarithm of the sum of its weights, in nats.
        var total: Double
        /// The step in which it was given first.
        var firstStep: Int
    }

    /// The candidates in the order of their first appearance.
    private(set) var candidates: [Candidate] = []
    /// The indices of the attempts, the best first; at most two, which may be the same.
    private(set) var attempts: [Int] = []
    private let rule: AttemptRule
    private var places: [[PuzzleGrid]: Int] = [:]

    /// Creates a tally without candidates.
    init(rule: AttemptRule) {
        self.rule = rule
    }

    /// Restores a tally.
    ///
    /// - Precondition: Candidates are distinct, and attempts are their indices.
    init(rule: AttemptRule, candidates: [Candidate], attempts: [Int]) {
        self.rule = rule
        self.candidates = candidates
        self.attempts = attempts
        places = Dictionary(
            uniqueKeysWithValues: candidates.enumerated().map { ($1.grids, $0) })
        precondition(
            attempts.allSatisfy(candidates.indices.contains),
            "attempts \(attempts) among \(candidates.count) candidates")
    }

    /// Adds the weight of an answer.
    ///
    /// - Parameters:
    ///   - grids: The grids.
    ///   - weight: The logarithm of the weight, in nats.
    ///   - step: The step, counting from 0.
    mutating func add(_ grids: [PuzzleGrid], weight: Double, step: Int) {
        let place: Int
        if let known = places[grids] {
            place = known
            candidates[place].total = LogSum.add(candidates[place].total, weight)
        } else {
            place = candidates.count
            places[grids] = place
            candidates.append(Candidate(grids: grids, total: weight, firstStep: step))
        }
        pick(place)
    }

    /// Updates the attempts after the total of a candidate has grown.
    ///
    /// Totals only grow, so comparing the candidate with the two attempts keeps the two largest
    /// totals; the later of equal ones wins.
    private mutating func pick(_ place: Int) {
        guard let first = attempts.first else {
            attempts = rule == .published ? [place, place] : [place]
            return
        }
        guard place != first else { return }
        let total = candidates[place].total
        if attempts.count > 1, total < candidates[attempts[1]].total { return }
        attempts = total >= candidates[first].total ? [place, first] : [first, place]
    }

    /// The indices of all candidates: the attempts, then the others with decreasing totals.
    var ranking: [Int] {
        var seen: Set<Int> = []
        let order = candidates.indices.sorted {
            (candidates[$1].total, $1) < (candidates[$0].total, $0)
        }
        return (attempts + order).filter { seen.insert($0).inserted }
    }

    /// The logarithm of the sum of all weights, in nats.
    var total: Double { LogSum.of(candidates.lazy.map(\.total)) }
}
