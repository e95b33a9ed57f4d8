public import HRMModel
public import HRMTensor

extension ActivationPrecision {
    /// The number format of matrices that hold activations.
    public var storage: Precision { self == .float32 ? .float32 : .bfloat16 }
}
