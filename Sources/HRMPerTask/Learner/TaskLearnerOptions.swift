package import HRMTensor

/// The options of a learner; by default those of the published runs.
package struct TaskLearnerOptions: Sendable, Hashable {
    /// Departures from the published network.
    package var network = NetworkOptions()
    /// The optimizer.
    package var optimizer = AdamUpdate(rate: 0.01, beta1: 0.5, beta2: 0.9)

    /// Creates the options of the published runs.
    package init() {}
}
