/// How parameters are called in checkpoints of the reference.
public enum ReferenceNames: String, Sendable, Hashable, CaseIterable {
    /// `model.inner.…`, as the reference saves a model that it did not compile.
    case reference
    /// `_orig_mod.model.inner.…`, as it saves one that it did.
    case compiled
    /// The model's own names.
    case bare

    /// What stands in front of the model's own names.
    public var prefix: String {
        switch self {
        case .reference: "model.inner."
        case .compiled: "_orig_mod.model.inner."
        case .bare: ""
        }
    }

    /// The name without what wrappers put in front: `_orig_mod.` of a compiled model, `module.` of a
    /// distributed one, `model.` of the loss head and `inner.` of the ACT wrapper.
    ///
    /// - Parameter name: A name as it stands in a checkpoint; one without prefix stays as it is.
    /// - Returns: The name that the model gives the tensor.
    public static func stripped(_ name: String) -> String {
        var rest = Substring(name)
        for prefix in ["module.", "_orig_mod.", "module.", "model.", "inner."]
        where rest.hasPrefix(prefix) {
            rest = rest.dropFirst(prefix.count)
        }
        return String(rest)
    }
}
