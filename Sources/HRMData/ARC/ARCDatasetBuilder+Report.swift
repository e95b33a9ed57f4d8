extension ARCDatasetBuilder {
    /// Which pairs are kept from training and measured on.
    public enum HeldOut: String, Sendable, Hashable, CaseIterable {
        /// The test pairs of evaluation tasks.
        case evaluation
        /// The test pairs of all tasks.
        case all
        /// None: there is no test split.
        case none
    }

    /// What happened.
    public struct Report: Sendable, Hashable {
        /// What a split has.
        public struct Split: Sendable, Hashable {
            /// Tasks.
            public var groups = 0
            /// Tasks and augmented tasks.
            public var puzzles = 0
            /// Pairs of all of them.
            public var examples = 0
        }

        /// The training split.
        public var training = Split()
        /// The test split.
        public var test = Split()
        /// Which pairs were kept from training.
        public var heldOut: HeldOut
        /// Puzzle identifiers, the blank one included.
        public var identifiers = 0
        /// Tasks without as many different augmentations as wanted.
        public var incompleteGroups = 0
        /// Tasks that do not fit on the canvas, and were left out.
        public var tooLarge = 0
        /// Test inputs without an answer.
        public var unanswered = 0
        /// Tasks too much alike.
        public var nearDuplicates: [ARCNearDuplicate] = []
        /// Tasks that were left out because of that.
        public var excluded = 0
    }
}

extension ARCDatasetBuilder.HeldOut {
    /// Whether the task's test pairs, if it has any, are kept from training.
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
