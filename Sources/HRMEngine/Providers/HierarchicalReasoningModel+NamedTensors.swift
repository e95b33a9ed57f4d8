import HRMModel
import HRMTensor

extension HierarchicalReasoningModel {
    /// The weights and initial states under the reference's names, in the model's own memory.
    package var namedTensors: [NamedTensor] {
        (layout.entries + layout.buffers).compactMap { entry in
            tensor(entry).map {
                NamedTensor(name: entry.name, shape: entry.shape, values: $0)
            }
        }
    }
}
