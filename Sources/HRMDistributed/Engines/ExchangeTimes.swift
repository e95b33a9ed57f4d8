/// The time that process 0 spends in training steps, and the part of it that the other processes
/// cost.
package struct ExchangeTimes: Sendable, Equatable {
    /// The number of steps.
    package private(set) var steps = 0
    /// The time of all steps.
    package private(set) var total = Duration.zero
    /// The time after the own gradients until those of the slowest process.
    package private(set) var waiting = Duration.zero
    /// The time of the sums of gradients.
    package private(set) var reduction = Duration.zero

    /// Adds a step.
    mutating func add(step: Duration, waiting: Duration, reduction: Duration) {
        steps += 1
        total += step
        self.waiting += waiting
        self.reduction += reduction
    }
}
