extension ARCDatasetBuilder {
    /// The pairs that are held out of training for evaluation.
    public enum HeldOut: String, Sendable, Hashable, CaseIterable {
        /// The test pairs of evaluation tasks.
        case evaluation
        /// The test pairs of all tasks.
        case all
        /// No pairs; there is no test split.
        case none
    }

    /// A summary of a build.
    public struct Report: Sendable, Hashable {
        /// The counts of a split.
        public struct Split: Sendable, Hashable {
            /// The number of tasks.
            public var groups = 0
            /// The number of tasks and augmented tasks.
            public var puzzles = 0
            /// The number of pairs of all puzzles.
            public var examples = 0
        }

        /// The training split.
        public var training = Split()
        /// The test split.
        public var test = Split()
        /// The pairs that were held out of training.
        public var heldOut: HeldOut
        /// The number of puzzle identifiers, including the blank one.
        public var identifiers = 0
        /// The number of tasks with fewer distinct augmentations than requested.
        public var incompleteGroups = 0
        /// The number of tasks left out because they do not fit on the canvas.
        public var tooLarge = 0
        /// The number of test inputs without an answer.
        public var unanswered = 0
        /// Near-duplicate tasks.
        package var nearDuplicates: [ARCNearDuplicate] = []
        /// The number of tasks left out as near-duplicates.
        public var excluded = 0
    }
}

extension ARCDatasetBuilder.HeldOut {
    /// Returns true if the task's test pairs, if any, are held out of training.
    public func includes(_ entry: ARCTaskCollection.Entry) -> Bool {
        guard !entry.task.tests.isEmpty else { return false }
        return switch self {
        case .evaluation: entry.isEvaluation
        case .all: true
        case .none: false
        }
    }
}

extension ARCDatasetBuilder.Report.Split {
    init(_ writer: SplitWriter) {
        self.init(
            groups: writer.groupCount, puzzles: writer.puzzleCount, examples: writer.exampleCount)
    }
}
