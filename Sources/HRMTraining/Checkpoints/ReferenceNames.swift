/// How parameters are called in checkpoints of the reference.
public enum ReferenceNames {
    /// The name without what the reference's wrappers put in front: `_orig_mod.` of a compiled
    /// model, `model.inner.` of the loss head and the ACT wrapper.
    ///
    /// - Parameter name: A name as it stands in a checkpoint; one without prefix stays as it is.
    /// - Returns: The name that the model gives the tensor.
    public static func stripped(_ name: String) -> String {
        var rest = Substring(name)
        for prefix in ["_orig_mod.", "model.inner."] where rest.hasPrefix(prefix) {
            rest = rest.dropFirst(prefix.count)
        }
        return String(rest)
    }
}
