import ArgumentParser

/// The subject of the demonstration: puzzles, or text.
enum DemoSubject: ExpressibleByArgument, Equatable {
    case puzzles(DemoTask)
    case text

    /// The name of the subject that is not a puzzle.
    static let textName = "text"

    init?(argument: String) {
        if argument == Self.textName {
            self = .text
        } else if let task = DemoTask(rawValue: argument) {
            self = .puzzles(task)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .puzzles(let task): task.rawValue
        case .text: Self.textName
        }
    }

    static var allValueStrings: [String] { DemoTask.allCases.map(\.rawValue) + [textName] }
}
