import Foundation
import HRMFiles

/// Reads folders and files of ARC tasks.
struct ARCSourceReader {
    /// A task as read from a file.
    struct Found {
        var task: ARCTask
        /// The path of the file.
        var path: String
        /// The index into ``ARCSourceReader/origins``.
        var origin: Int
    }

    /// The tasks, in the order of their files.
    private(set) var found: [Found] = []
    /// The origins of the tasks.
    private(set) var origins: [ARCTaskCollection.Origin] = []
    /// Remarks on files that were skipped.
    private(set) var remarks: [ARCTaskCollection.Remark] = []
    /// The paths of compressed files.
    private(set) var compressed: [String] = []
    /// The user's names of the evaluation sources; `nil` to derive them from file names.
    private let evaluation: [String]?
    /// For each name given by the user, the matching folders and files of every task file,
    /// outermost first.
    private var matches: [String: [[String]]] = [:]

    /// The maximum depth of nested folders.
    private static let deepest = 16

    /// A file and its content, or the error in reading it.
    private typealias File = (url: URL, content: Result<ARCFileContent, ARCTaskError>)

    init(evaluation: [String]?) {
        self.evaluation = evaluation
    }

    /// Names of evaluation sources that match nothing.
    var unmatchedNames: [String] { (evaluation ?? []).filter { matches[$0] == nil } }

    /// A name of an evaluation source that matches both a folder and something in it with other
    /// tasks.
    var ambiguousName: (name: String, outer: String, inner: String)? {
        for name in evaluation ?? [] {
            var inner: [String: String] = [:]
            let chains = matches[name] ?? []
            for chain in chains {
                for (folder, content) in zip(chain, chain.dropFirst()) where inner[folder] == nil {
                    inner[folder] = content
                }
            }
            for chain in chains {
                if let outer = chain.last, let content = inner[outer] {
                    return (name, outer, content)
                }
            }
        }
        return nil
    }

    /// Reads a source.
    ///
    /// - Parameters:
    ///   - source: A folder or file.
    ///   - others: Further paths of the same source.
    /// - Throws: ``ARCTaskError`` if it cannot be used.
    mutating func read(_ source: URL, others: [URL] = []) throws(ARCTaskError) {
        var name = ARCSourceName(name: source.relativeName, path: Self.path(source))
        name.others = others.map { ARCSourceName(name: $0.relativeName, path: Self.path($0)) }
        guard try Self.kind(of: source) != .typeDirectory else {
            try readFolder(source, names: [name], depth: 0)
            return
        }
        // The name of a single file's folder counts as well.
        let parent = source.deletingLastPathComponent()
        let names = [ARCSourceName(name: parent.relativeName, path: Self.path(parent))]
        let content = try ARCFileContent(contentsOf: source)
        if case .answers = content { throw Self.missingChallenges(for: source) }
        var answers: [File] = []
        if case .tasks = content { answers = try Self.answers(beside: source) }
        try add(content, from: source, names: names, source: name, answers: answers)
    }

    private mutating func readFolder(
        _ folder: URL, names: [ARCSourceName], depth: Int
    ) throws(ARCTaskError) {
        let visible = try Self.visibleNames(in: folder)
        var folders: Set<String> = []
        var files: [String: File] = [:]
        for name in visible {
            let url = folder.appendingPathComponent(name)
            // Symbolic links to folders are not followed: they may form cycles.
            let type = try? FileManager.default.attributesOfItem(atPath: url.path)[.type]
            if type as? FileAttributeType == .typeDirectory {
                folders.insert(name)
            } else if ARCFileName.isJSON(name) {
                files[name] = (url, Self.content(of: url))
            } else if Self.isCompressedJSON(name) {
                compressed.append(url.path)
                remarks.append(
                    .passedOver(path: url.path, reason: ForeignFile.gzip.explanation))
            }
        }
        let hasMany = files.values.contains { file in
            if case .success(.tasks) = file.content { return true }
            return ARCFileName(file.url.lastPathComponent).role == .challenges
        }
        for name in visible {
            if folders.contains(name) {
                guard depth < Self.deepest else { continue }
                let url = folder.appendingPathComponent(name)
                try readFolder(
                    url, names: names + [ARCSourceName(name: name, path: Self.path(url))],
                    depth: depth + 1)
            } else if let file = files[name] {
                try add(file, names: names, beside: Array(files.values), hasMany: hasMany)
            }
        }
    }

    /// Adds the tasks of a file in a folder.
    private mutating func add(
        _ file: File, names: [ARCSourceName], beside files: [File], hasMany: Bool
    ) throws(ARCTaskError) {
        let name = ARCFileName(file.url.lastPathComponent)
        let content: ARCFileContent
        do {
            content = try file.content.get()
        } catch {
            guard hasMany, name.role == nil else { throw error }
            remarks.append(.passedOver(path: file.url.path, reason: error.problem.description))
            return
        }
        let sameStem = files.filter {
            ARCFileName($0.url.lastPathComponent).stem == name.stem && $0.url != file.url
        }
        guard case .answers = content else {
            try add(
                content, from: file.url, names: names, source: names[0], answers: sameStem)
            return
        }
        let isUsed = sameStem.contains {
            if case .success(.tasks) = $0.content { true } else { false }
        }
        guard !isUsed else { return }
        guard hasMany else { throw Self.missingChallenges(for: file.url) }
        remarks.append(
            .passedOver(
                path: file.url.path,
                reason: "it has answers, but no file beside it has their tasks and its name"))
    }

    /// Adds the tasks of a file.
    ///
    /// - Parameters:
    ///   - content: The file's content.
    ///   - url: The file.
    ///   - names: The names of its enclosing folders within the source.
    ///   - source: The source.
    ///   - answers: Files that may contain the answers.
    /// - Throws: ``ARCTaskError`` if a name is not valid for a task, or answers do not match.
    private mutating func add(
        _ content: ARCFileContent, from url: URL, names: [ARCSourceName], source: ARCSourceName,
        answers: [File]
    ) throws(ARCTaskError) {
        var file = ARCSourceName(name: url.lastPathComponent, path: Self.path(url))
        if file.path == source.path { file.others = source.others }
        func single(_ name: String, _ train: [ARCPair], _ test: [ARCPair]) -> ARCTask {
            ARCTask(name: name, demonstrations: train, tests: test)
        }
        var tasks: [ARCTask]
        var isMany = true
        switch content {
        case .task(let task):
            let name = task.name ?? ARCFileName.withoutEnding(url.lastPathComponent)
            tasks = [single(name, task.train, task.test)]
            isMany = false
        case .pairs(let pairs):
            tasks = [single(ARCFileName.withoutEnding(url.lastPathComponent), pairs, [])]
            isMany = false
        case .tasks(let contents): tasks = try ARCTaskFile.tasks(contents, path: url.path)
        case .pairLists(let lists):
            tasks = lists.sorted { $0.key < $1.key }.map { single($0.key, $0.value, []) }
        case .answers: return
        }
        for task in tasks { try ARCTaskFile.checkName(task.name, path: url.path) }
        for other in answers {
            guard case .success(.answers(let known)) = other.content else { continue }
            let replaced = try ARCTaskFile.answer(
                &tasks, with: known, from: other.url, challenges: url)
            guard let first = replaced.first else { continue }
            remarks.append(
                .passedOver(
                    path: url.path,
                    reason: "\(replaced.count) of its answers, such as \(first): "
                        + "\(other.url.lastPathComponent) has others, which count"))
        }
        // A file of one task is named after the task, so its name does not describe the set; but
        // the user may still name it.
        guard !tasks.isEmpty else { return }
        let origin = origin(
            telling: names + (isMany ? [file] : []), meant: names + [file],
            otherwise: isMany ? file : source)
        found += tasks.map { Found(task: $0, path: url.path, origin: origin) }
    }

    /// Returns the index of an origin, which is added if it is new.
    private mutating func origin(
        telling: [ARCSourceName], meant: [ARCSourceName], otherwise: ARCSourceName
    ) -> Int {
        let decisive = telling.last { $0.tellsEvaluation != nil }
        let sounds = decisive?.tellsEvaluation ?? false
        var origin = ARCTaskCollection.Origin(
            path: (decisive ?? otherwise).path, isEvaluation: sounds, soundsLikeEvaluation: sounds)
        if let evaluation {
            origin.isEvaluation = false
            for text in evaluation {
                let chain = meant.filter { $0.isMeant(by: text) }.map(\.path)
                guard let named = chain.last else { continue }
                matches[text, default: []].append(chain)
                origin.isEvaluation = true
                // The innermost name is the most specific one.
                let places = [named, origin.path].map { path in
                    meant.lastIndex { $0.path == path } ?? 0
                }
                if places[0] > places[1] { origin.path = named }
            }
        }
        if let place = origins.firstIndex(of: origin) { return place }
        origins.append(origin)
        return origins.count - 1
    }

    // MARK: Files

    private static func content(of url: URL) -> Result<ARCFileContent, ARCTaskError> {
        do throws(ARCTaskError) {
            return .success(try ARCFileContent(contentsOf: url))
        } catch {
            return .failure(error)
        }
    }

    /// The solution files beside a challenge file.
    private static func answers(beside url: URL) throws(ARCTaskError) -> [File] {
        let folder = url.deletingLastPathComponent()
        let stem = ARCFileName(url.lastPathComponent).stem
        var files: [File] = []
        for name in try visibleNames(in: folder)
        where ARCFileName.isJSON(name) && name != url.lastPathComponent {
            let parts = ARCFileName(name)
            guard parts.role == .solutions, parts.stem == stem else { continue }
            let other = folder.appendingPathComponent(name)
            files.append((other, .success(try ARCFileContent(contentsOf: other))))
        }
        return files
    }

    private static func missingChallenges(for url: URL) -> ARCTaskError {
        let name = ARCFileName(url.lastPathComponent)
        return ARCTaskError(
            path: url.path, problem: .missingChallenges(file: name.stem + "_challenges.json"))
    }

    private static func visibleNames(in folder: URL) throws(ARCTaskError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path)
                .filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw ARCTaskError(
                path: folder.path, problem: .unreadable(reason: FileProblem(error).reason))
        }
    }

    private static func isCompressedJSON(_ name: String) -> Bool {
        let name = name.lowercased()
        return [".json.gz", ".json.bz2", ".json.xz", ".json.zst", ".json.zip"]
            .contains { name.hasSuffix($0) }
    }

    private static func path(_ url: URL) -> String { url.standardizedFileURL.path }

    private static func kind(of url: URL) throws(ARCTaskError) -> FileAttributeType? {
        do {
            let path = url.resolvingSymlinksInPath().path
            return try FileManager.default.attributesOfItem(atPath: path)[.type]
                as? FileAttributeType
        } catch {
            throw ARCTaskError(
                path: url.path, problem: .unreadable(reason: FileProblem(error).reason))
        }
    }
}

extension URL {
    /// The last component of the path as written; empty for `.`.
    fileprivate var relativeName: String {
        let name = relativePath.split(separator: "/").last.map(String.init) ?? ""
        return name == "." || name == ".." ? "" : name
    }
}
