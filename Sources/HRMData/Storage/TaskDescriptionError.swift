import Foundation

/// An error in a task description.
struct TaskDescriptionError: LocalizedError {
    let errorDescription: String?

    init(_ reason: String) {
        errorDescription = reason
    }
}
