/// The reason why a task could not be learned at all.
public enum PerTaskError: Error, Equatable, Sendable {
    /// The system lets the process have no further thread.
    case noThread
}

extension PerTaskError: CustomStringConvertible {
    /// A sentence with the problem and the remedy.
    public var description: String {
        switch self {
        case .noThread:
            "the system lets this process have no more threads; raise its limit of processes "
                + "('ulimit -u') or of memory ('ulimit -v')"
        }
    }
}
