import Foundation
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

/// The recorded cases of models in float32 against the reference engine, which is in float64.
@Suite("Golden, reference engine") struct ReferenceGoldenSuite {
    /// How the cases of each kind are checked.
    static let checks: [String: @Sendable (GoldenCase) throws -> Void] = [
        "hrm_block": checkReferenceBlock,
        "hrm_eval": checkReferenceEvaluation,
        "hrm_inner": checkReferenceInner,
        "hrm_train": checkReferenceTraining,
        "loss": checkReferenceLoss,
        "optim_adam_atan2": checkReferenceAdamATan2,
        "optim_sparse_signsgd": checkReferenceSignSGD,
        "trm_block": checkReferenceBlock,
        "trm_eval": checkReferenceEvaluation,
        "trm_inner": checkReferenceInner,
        "trm_train": checkReferenceTraining,
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
    private static let cases = GoldenCase.all.filter { golden in
        struct Case: Decodable {
            var bfloat16_vs_float32: Ignored?
            struct Ignored: Decodable {}
        }
        // A case that cannot be read is left in, so that it fails.
        let isRounded = (try? golden.json(Case.self))?.bfloat16_vs_float32 != nil
        return checks[golden.kind] != nil && !isRounded
    }
}

extension GoldenConfiguration {
    /// The reference model with stored weights.
    func referenceModel(weights: GoldenTensors, loss: String? = nil) throws -> ReferenceModel {
        try ReferenceModel(
            configuration: architecture(loss: loss), dimensions: dimensions(),
            weights: weights.references())
    }
}

extension GoldenTensors {
    /// All tensors of the file.
    func references() throws -> [ReferenceTensor] {
        try names.map { name in
            let tensor = try self[name]
            return ReferenceTensor(name: name, shape: tensor.shape, values: tensor.floats)
        }
    }

    /// One sequence's states, `[T, D]`, from a tensor whose first axis counts sequences.
    func states(_ name: String, sequence: Int) throws -> PlainMatrix {
        let shape = try self[name].shape
        return PlainMatrix(
            try doubles(name, at: sequence), rows: shape[1], columns: shape[2])
    }
}
