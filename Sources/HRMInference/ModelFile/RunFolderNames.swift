/// The names of files in a run folder that inference reads.
package enum RunFolderNames {
    /// The weights of the last step.
    package static let model = "model.safetensors"
    /// The averaged weights, if the training kept an average.
    package static let average = "model_ema.safetensors"
}
