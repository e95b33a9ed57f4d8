import HRMModel
package import HRMTensor

extension Engine {
    /// Copies the weights to a model; does nothing if the model's memory is the engine's own.
    ///
    /// Only trained parameters are averaged; the puzzle embedding and the initial states are copied.
    ///
    /// - Parameters:
    ///   - average: True for the averaged weights instead of the trained ones.
    ///   - model: A model of the same architecture and dimensions.
    ///   - workers: The worker threads.
    package func copyWeights(
        average: Bool, to model: HierarchicalReasoningModel, workers: Workers
    ) {
        let weights = Dictionary(
            uniqueKeysWithValues: tensors(.weights).map { ($0.name, $0.values) })
        let shadow =
            average ? tensors(.optimizer).first { $0.name == "average" }?.values : nil
        var isOwn = true
        // The averaged weights replace all trained parameters, so only the buffers are copied.
        for entry in (shadow == nil ? model.layout.entries : []) + model.layout.buffers {
            guard let source = weights[entry.name], let target = model.tensor(entry) else {
                continue
            }
            if target.sharesMemory(with: source) { continue }
            target.assign(source)
            isOwn = false
        }
        if let shadow {
            model.parameters.assign(shadow)
            isOwn = false
        }
        if !isOwn { model.pack(workers: workers) }
    }
}
