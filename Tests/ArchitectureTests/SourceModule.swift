import Foundation

/// The Swift files of one module, reduced to their structure.
struct SourceModule {
    /// A file without comments and texts.
    struct File {
        /// The folder of the module that contains the file; "." for the module's own folder.
        var folder: String
        var name: String
        var code: String
    }

    var name: String
    var files: [File]

    /// The root of the package.
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Reads all modules of the package.
    static func all() throws -> [SourceModule] {
        let sources = root.appendingPathComponent("Sources")
        let names = try FileManager.default.contentsOfDirectory(atPath: sources.path).sorted()
        return names.map { name in
            let folder = sources.appendingPathComponent(name)
            let paths =
                FileManager.default.enumerator(atPath: folder.path)?
                .compactMap { $0 as? String } ?? []
            let files = paths.sorted().filter { $0.hasSuffix(".swift") }.compactMap { path in
                (try? String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8))
                    .map { File(path: path, text: $0) }
            }
            return SourceModule(name: name, files: files)
        }.filter { !$0.files.isEmpty }
    }

    /// The names of the modules that the files import.
    var imports: Set<String> {
        Set(
            files.flatMap { file in
                file.code.matches(
                    of: /(?m)^(?:@\w+ )*(?:(?:public|package|internal|private) )?import (\w+)/
                ).map { String($0.1) }
            })
    }

    /// The folders whose types each folder uses.
    var folderUses: [String: Set<String>] {
        var homes: [Substring: String] = [:]
        for file in files {
            for name in file.declaredTypes { homes[name] = file.folder }
        }
        var uses: [String: Set<String>] = [:]
        for file in files {
            for word in file.code.matches(of: /\b[A-Z]\w*/) {
                guard let home = homes[word.0], home != file.folder else { continue }
                uses[file.folder, default: []].insert(home)
            }
        }
        return uses
    }
}

extension SourceModule.File {
    /// Creates a file.
    ///
    /// - Parameters:
    ///   - path: The path relative to the module.
    ///   - text: The content.
    init(path: String, text: String) {
        let parts = path.split(separator: "/")
        folder = parts.count > 1 ? String(parts[0]) : "."
        name = String(parts.last ?? "")
        let withoutTexts =
            text
            .replacing(/(?s)""".*?"""/, with: "")
            .replacing(/"(?:\\.|[^"\\\n])*"/, with: "")
        code = withoutTexts.replacing(/\/\/[^\n]*/, with: "")
    }

    /// The types that are declared at the top level.
    var declaredTypes: [Substring] {
        code.matches(
            of:
                /(?m)^(?:(?:public|package|final|indirect|@\w+) )*(?:struct|enum|class|actor|protocol|typealias) (\w+)/
        ).map(\.1)
    }
}

/// Returns a cycle of a directed graph, its first node repeated at the end; nil if there is none.
func circle(in graph: [String: Set<String>]) -> [String]? {
    var finished: Set<String> = []
    func search(_ node: String, path: [String]) -> [String]? {
        if let start = path.firstIndex(of: node) { return path[start...] + [node] }
        guard !finished.contains(node) else { return nil }
        for next in graph[node, default: []].sorted() {
            if let found = search(next, path: path + [node]) { return found }
        }
        finished.insert(node)
        return nil
    }
    for node in graph.keys.sorted() {
        if let found = search(node, path: []) { return found }
    }
    return nil
}
