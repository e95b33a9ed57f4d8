import Foundation
import HRMFiles

/// The content of a JSON file of ARC tasks, recognized by its structure, not by its name.
enum ARCFileContent {
    /// One task.
    case task(TaskContent)
    /// An object of tasks by name, as in the competition's challenge files.
    case tasks([String: TaskContent])
    /// A list of pairs, as RE-ARC has for each task.
    case pairs([ARCPair])
    /// An object of lists of pairs by task name.
    case pairLists([String: [ARCPair]])
    /// An object of lists of grids by task name, as in the competition's solution files.
    case answers([String: [GridContent]])

    /// The kinds of content that a file's outline can indicate.
    enum Kind: Equatable {
        case task, tasks, pairs, pairLists, answers
        /// A model's attempts in the competition's submission format.
        case submission
        /// Any other content.
        case other
    }

    /// Returns the kind of content.
    ///
    /// - Parameters:
    ///   - outline: The outline found by the scanner.
    ///   - role: The role in the file's name; used only where the content is ambiguous.
    /// - Returns: The kind.
    static func kind(of outline: JSONScanner.Outline, role: ARCFileName.Role?) -> Kind {
        let kinds = outline.kinds
        func kind(_ depth: Int) -> JSONScanner.Kind? { depth < kinds.count ? kinds[depth] : nil }
        func has(_ depth: Int, _ names: String...) -> Bool {
            depth < outline.names.count && names.contains { outline.names[depth].contains($0) }
        }
        switch (kind(0), kind(1)) {
        case (.list, .object): return has(1, "input", "output") ? .pairs : .other
        case (.object, .object) where has(1, "train", "test"): return .tasks
        case (.object, _) where has(0, "train", "test"): return .task
        case (.object, .list) where !has(0, "input", "output"):
            switch kind(2) {
            case .list: return .answers
            case .object where has(2, "input", "output"): return .pairLists
            case .object where has(2, "attempt_1", "attempt_2"): return .submission
            default: break
            }
        default: break
        }
        guard kind(0) == .object else { return .other }
        switch role {
        case .challenges: return .tasks
        case .solutions: return .answers
        case nil: return .other
        }
    }

    /// Reads a file.
    ///
    /// - Throws: ``ARCTaskError`` with the file, the task and the place.
    init(contentsOf url: URL) throws(ARCTaskError) {
        let bytes = try ARCTaskFile.bytes(of: url)
        let role = ARCFileName(url.lastPathComponent).role
        let kind = Self.kind(of: try ARCTaskFile.outline(of: bytes, path: url.path), role: role)
        func decode<Value: Decodable>(
            _ type: Value.Type, _ holding: ARCTaskFile.Holding
        ) throws(ARCTaskError) -> Value {
            try ARCTaskFile.decodeScanned(type, bytes, path: url.path, holds: holding)
        }
        switch kind {
        case .tasks: self = .tasks(try decode([String: TaskContent].self, .tasks))
        case .pairs: self = .pairs(try decode(PairList.self, .pairs).pairs)
        case .pairLists:
            self = .pairLists(
                try decode([String: PairList].self, .pairLists).mapValues(\.pairs))
        case .answers: self = .answers(try decode([String: [GridContent]].self, .answers))
        case .submission: throw ARCTaskError(path: url.path, problem: .submission)
        // Content that is not a task is decoded as one anyway: the error then lists a task's
        // members.
        case .task, .other: self = .task(try decode(TaskContent.self, .task))
        }
    }
}
