package import HRMModel
package import HRMTensor

extension ActivationPrecision {
    /// The number format of matrices that hold activations.
    package var storage: Precision { self == .float32 ? .float32 : .bfloat16 }
}
