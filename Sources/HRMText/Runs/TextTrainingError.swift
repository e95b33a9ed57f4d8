import HRMFiles

/// The reason a text model could not be trained.
package enum TextTrainingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A setting is outside its range.
    case setting(name: String, value: String, range: String)
    /// An example cannot be used.
    case example(number: Int, reason: String)
    /// The training texts have no examples.
    case empty
    /// A file of a run does not fit it.
    case run(path: String, reason: String)

    /// One sentence that states the problem and the remedy.
    package var description: String {
        switch self {
        case .setting(let name, let value, let range): "\(name) is \(value); use \(range)"
        case .example(let number, let reason): "example \(number) cannot be used: \(reason)"
        case .empty: "there are no training examples; give at least one"
        case .run(let path, let reason): "\(path) cannot be used: \(reason)"
        }
    }
}
