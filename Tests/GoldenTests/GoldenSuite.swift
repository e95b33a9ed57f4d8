import Foundation
import Testing

/// Every recorded case against this package, each by the check for its kind.
@Suite("Golden") struct GoldenSuite {
    /// How the cases of each known kind are checked.
    static let checks: [String: @Sendable (GoldenCase) throws -> Void] = [
        "arc_builder": checkARCBuilder,
        "arc_encode": checkARCEncoding,
        "arc_eval": checkARCScoring,
        "batch_sampling": checkBatchSampling,
        "checkpoint": checkCheckpoint,
        "dihedral": checkDihedral,
        "hrm_block": checkBlock,
        "hrm_eval": { try checkEvaluation($0, on: .cpu) },
        "hrm_init_stats": checkInitialisation,
        "hrm_inner": { try checkInner($0, on: .cpu) },
        "hrm_train": { try checkTraining($0, on: .cpu) },
        "loss": checkLoss,
        "lr_schedule": checkLearningRate,
        "maze": checkMaze,
        "optim_adam_atan2": checkAdamATan2,
        "optim_sparse_signsgd": checkSparseSignSGD,
        "sudoku": checkSudoku,
        "trm_arc_eval": checkTRMARCScoring,
        "trm_block": checkBlock,
        "trm_eval": { try checkEvaluation($0, on: .cpu) },
        "trm_init_stats": checkInitialisation,
        "trm_inner": { try checkInner($0, on: .cpu) },
        "trm_train": { try checkTraining($0, on: .cpu) },
        "trunc_normal": checkTruncatedNormal,
    ]

    @Test func casesArePresent() {
        #expect(!GoldenCase.all.isEmpty, "no folder with a case.json in \(GoldenCase.root.path)")
    }

    /// Cases without a check do not get lost: this test is shown as skipped, with their names.
    @Test(.disabled(if: !unknown.isEmpty, "no check yet for \(unknown.joined(separator: ", "))"))
    func kindsAreKnown() {
        #expect(Self.unknown.isEmpty)
    }

    @Test(arguments: GoldenCase.all.filter(isKnown))
    func matches(_ golden: GoldenCase) throws {
        let kind = try golden.json(GoldenCase.Header.self).kind
        let check = try #require(Self.checks[kind])
        try check(golden)
    }

    /// A case that cannot be read counts as known, so that it fails.
    private static func isKnown(_ golden: GoldenCase) -> Bool {
        golden.kind.isEmpty || checks[golden.kind] != nil
    }

    private static let unknown = GoldenCase.all.filter { !isKnown($0) }
        .map { "\($0.name) (kind \($0.kind))" }
}
