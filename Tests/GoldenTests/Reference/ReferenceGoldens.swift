import Foundation
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

/// The recorded cases of parts of models in float32 against those of the reference engine; its whole
/// models run with those of every other engine.
@Suite("Golden, reference engine") struct ReferenceGoldenSuite {
    /// How the cases of each kind are checked.
    static let checks: [String: @Sendable (GoldenCase) throws -> Void] = [
        "hrm_block": checkReferenceBlock,
        "hrm_inner": checkReferenceGradients,
        "loss": checkReferenceLoss,
        "optim_adam_atan2": checkReferenceAdamATan2,
        "optim_sparse_signsgd": checkReferenceSignSGD,
        "trm_block": checkReferenceBlock,
        "trm_inner": checkReferenceGradients,
    ]

    @Test func casesArePresent() {
        #expect(!Self.cases.isEmpty, "no case of a model in \(GoldenCase.root.path)")
    }

    @Test(arguments: cases)
    func matches(_ golden: GoldenCase) throws {
        let check = try #require(Self.checks[golden.kind])
        try check(golden)
    }

    /// All cases but those of rounding, which the reference engine does not do.
    private static let cases = GoldenCase.all.filter {
        checks[$0.kind] != nil && !$0.isRounded
    }
}

extension GoldenTensors {
    /// One sequence's states, `[T, D]`, from a tensor whose first axis counts sequences.
    func states(_ name: String, sequence: Int) throws -> PlainMatrix {
        let shape = try self[name].shape
        return PlainMatrix(
            try doubles(name, at: sequence), rows: shape[1], columns: shape[2])
    }
}
