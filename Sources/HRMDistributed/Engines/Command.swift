/// A request of process 0 to the others; each message begins with one.
enum Command: Int {
    /// Create the part of an engine.
    case make
    /// Make a training step.
    case step
    /// Run a segment without gradient.
    case infer
    /// Move the averaged weights.
    case average
    /// Replace tensors.
    case load
    /// Send the states of slots.
    case states
    /// Replace the weights by those of process 0.
    case weights
    /// Free an engine.
    case release
    /// Leave the job with an exit status.
    case end
}
