public import HRMEngine
import HRMModel

/// The number and length of attempts at each puzzle, and the choice among their answers.
public struct InferenceOptions: Sendable, Hashable {
    /// The maximum number of segments of an attempt; may exceed the number used in training.
    public var maxSteps: Int
    /// The rule for halting an attempt earlier.
    public var halting: HaltingRule
    /// The number of images of the puzzle under its task's symmetries, including the puzzle itself;
    /// the answers are mapped back and vote.
    public var votes: Int
    /// The number of initial states per image, including the model's own; the most confident halted
    /// attempt at an image counts.
    public var starts: Int
    /// The maximum number of sequential further attempts at an image, each from a different initial
    /// state, while ``halting`` has ended none.
    public var restarts: Int
    /// The standard deviation of the noise on all initial states but the model's own.
    public var noise: Double
    /// The seed of symmetries and noise; equal seeds give equal answers.
    public var seed: UInt64
    /// The choices of the search, of a model that reads candidates; an attempt is then a search, with
    /// ``maxSteps`` segments at most, and halts at its answer.
    public var search = SearchOptions()

    /// Creates a plan, by default with a single attempt.
    ///
    /// - Parameters:
    ///   - maxSteps: The maximum number of segments of an attempt.
    ///   - halting: The rule for halting an attempt earlier.
    ///   - votes: The number of images of each puzzle, including itself.
    ///   - starts: The number of initial states per image, including the model's own.
    ///   - restarts: The maximum number of further attempts while none has halted.
    ///   - noise: The standard deviation of the noise on the other initial states.
    ///   - seed: The seed of symmetries and noise.
    /// - Precondition: Counts are positive, `restarts >= 0`.
    public init(
        maxSteps: Int, halting: HaltingRule = .never, votes: Int = 1, starts: Int = 1,
        restarts: Int = 0, noise: Double = 1, seed: UInt64 = 0
    ) {
        precondition(
            maxSteps >= 1 && votes >= 1 && starts >= 1 && restarts >= 0,
            "\(maxSteps) steps, \(votes) votes, \(starts) starts, \(restarts) restarts")
        self.maxSteps = maxSteps
        self.halting = halting
        self.votes = votes
        self.starts = starts
        self.restarts = restarts
        self.noise = noise
        self.seed = seed
    }

    /// Returns the plan of the reference's evaluation: as many segments as in training for every
    /// puzzle.
    ///
    /// - Parameter model: The model to be used.
    /// - Returns: The plan.
    public static func asTrained(_ model: HierarchicalReasoningModel) -> Self {
        asTrained(model.configuration)
    }

    private static func asTrained(_ architecture: HRMConfiguration) -> Self {
        Self(maxSteps: architecture.haltMaxSteps)
    }

    /// Returns the default plan for a trained model.
    ///
    /// An attempt runs until its answer has converged, for at most 64 segments or the number used
    /// in training, if larger; then up to 15 restarts follow from other initial states. Once a
    /// board is solved, its answer no longer changes; a wrong answer rarely converges. A model
    /// trained with one segment has not learned to halt and gets one segment. A model that reads
    /// candidates searches for at most 512 segments, and abstains without an answer until then.
    ///
    /// - Parameter model: The model to be used.
    /// - Returns: The plan.
    public static func recommended(for model: HierarchicalReasoningModel) -> Self {
        recommended(for: model.configuration)
    }

    static func recommended(for architecture: HRMConfiguration) -> Self {
        let trained = architecture.haltMaxSteps
        guard !architecture.readsCandidates else { return Self(maxSteps: searchSegments) }
        guard trained > 1 else { return asTrained(architecture) }
        return Self(maxSteps: max(64, trained), halting: .converged, restarts: 15)
    }

    private static let searchSegments = 512

    /// The maximum number of attempts at each image.
    var attemptsPerImage: Int { starts + restarts }

    /// The maximum number of attempts at each puzzle.
    public var attempts: Int { votes * attemptsPerImage }
}
