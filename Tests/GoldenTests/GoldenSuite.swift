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
        "hrm_init_stats": checkInitialisation,
        "hrm_inner": checkInnerGradients,
        "loss": checkLoss,
        "lr_schedule": checkLearningRate,
        "maze": checkMaze,
        "optim_adam_atan2": checkAdamATan2,
        "optim_sparse_signsgd": checkSparseSignSGD,
        "sudoku": checkSudoku,
        "trm_arc_eval": checkTRMARCScoring,
        "trm_block": checkBlock,
        "trm_init_stats": checkInitialisation,
        "trm_inner": checkInnerGradients,
        "trunc_normal": checkTruncatedNormal,
    ]

    /// How the cases of whole models are checked, with every engine.
    static let engineChecks: [String: @Sendable (GoldenCase, EngineUnderTest) throws -> Void] = [
        "hrm_eval": checkEvaluation,
        "hrm_inner": checkInner,
        "hrm_train": checkTraining,
        "trm_eval": checkEvaluation,
        "trm_inner": checkInner,
        "trm_train": checkTraining,
    ]

    @Test func casesArePresent() {
        #expect(!GoldenCase.all.isEmpty, "no folder with a case.json in \(GoldenCase.root.path)")
    }

    /// Cases without a check do not get lost: this test is shown as skipped, with their names.
    @Test(.disabled(if: !unknown.isEmpty, "no check yet for \(unknown.joined(separator: ", "))"))
    func kindsAreKnown() {
        #expect(Self.unknown.isEmpty)
    }

    /// A case that cannot be read has no kind, and fails here.
    @Test(arguments: GoldenCase.all.filter { checks[$0.kind] != nil || $0.kind.isEmpty })
    func matches(_ golden: GoldenCase) throws {
        let kind = try golden.json(GoldenCase.Header.self).kind
        let check = try #require(Self.checks[kind])
        try check(golden)
    }

    @Test(arguments: runs)
    func matchesOnEngine(_ run: EngineRun) throws {
        let check = try #require(Self.engineChecks[run.golden.kind])
        try check(run.golden, run.engine)
    }

    /// Skipped with the names of the cases that an engine does not run.
    @Test(
        .disabled(
            if: !leftOut.isEmpty,
            "the engine does not round to bfloat16: \(leftOut.joined(separator: ", "))"))
    func everyEngineRunsEveryCase() {
        #expect(Self.leftOut.isEmpty)
    }

    /// A case on an engine.
    struct EngineRun: Sendable, CustomTestStringConvertible {
        let golden: GoldenCase
        let engine: EngineUnderTest

        var testDescription: String { "\(golden.name) (\(engine.name))" }

        /// False for cases of rounding on an engine that does not round.
        var isMeaningful: Bool { engine.rounds || !golden.isRounded }
    }

    /// Skipped without a plug-in.
    @Test(
        .disabled(
            if: EngineUnderTest.accelerator == nil,
            "HRM_TEST_PJRT_PLUGIN names no PJRT plug-in, so no case ran on one"))
    func acceleratorRuns() {
        #expect(Self.runs.contains { $0.engine.name == EngineUnderTest.accelerator?.name })
    }

    private static let allRuns = EngineUnderTest.all.flatMap { engine in
        GoldenCase.all.filter { engineChecks[$0.kind] != nil }
            .map { EngineRun(golden: $0, engine: engine) }
    }
    private static let runs = allRuns.filter(\.isMeaningful)
    private static let leftOut = allRuns.filter { !$0.isMeaningful }.map(\.testDescription)

    private static let unknown = GoldenCase.all.filter { golden in
        !golden.kind.isEmpty && checks[golden.kind] == nil && engineChecks[golden.kind] == nil
    }.map { "\($0.name) (kind \($0.kind))" }
}
