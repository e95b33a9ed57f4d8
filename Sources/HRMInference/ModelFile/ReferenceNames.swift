/// The naming of parameters in checkpoints of the reference.
package enum ReferenceNames: String, Sendable, Hashable, CaseIterable {
    /// `model.inner.…`, as in checkpoints of a model that was not compiled.
    case reference
    /// `_orig_mod.model.inner.…`, as in checkpoints of a compiled model.
    case compiled
    /// The model's own names.
    case bare

    /// The prefix before the model's own names.
    package var prefix: String {
        switch self {
        case .reference: "model.inner."
        case .compiled: "_orig_mod.model.inner."
        case .bare: ""
        }
    }

    /// Removes the prefixes that wrappers add: `_orig_mod.` for a compiled model, `module.` for a
    /// distributed one, `model.` for the loss head and `inner.` for the ACT wrapper.
    ///
    /// - Parameter name: A name in a checkpoint; one without prefix is returned unchanged.
    /// - Returns: The tensor's name in the model.
    package static func stripped(_ name: String) -> String {
        var rest = Substring(name)
        for prefix in ["module.", "_orig_mod.", "module.", "model.", "inner."]
        where rest.hasPrefix(prefix) {
            rest = rest.dropFirst(prefix.count)
        }
        return String(rest)
    }
}
