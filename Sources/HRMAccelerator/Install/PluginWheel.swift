import Foundation
import HRMFiles

/// A wheel with a plug-in, of which only the plug-in and its licences are unpacked.
struct PluginWheel {
    /// The largest plug-in that is unpacked.
    static let limit = 3 << 30
    private static let textLimit = 8 << 20

    let name: String
    private let archive: ZipArchive
    /// The shared library.
    let library: ZipArchive.Entry
    /// Licences and metadata.
    let texts: [ZipArchive.Entry]

    /// Reads the table of a wheel.
    ///
    /// The plug-in is the largest shared library; some wheels have smaller ones beside it.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - name: The file's name, for messages.
    /// - Throws: ``InstallError/wheel(name:reason:)``.
    init(_ bytes: Data, name: String) throws(InstallError) {
        self.name = name
        do {
            archive = try ZipArchive(bytes, allowsCompression: true)
        } catch {
            throw .wheel(name: name, reason: error.reason)
        }
        for entry in archive.entries where !Self.isSafe(entry.name) {
            throw .wheel(
                name: name, reason: "an entry has the path \(entry.name.quoted), which leads out")
        }
        let libraries = archive.entries.filter {
            $0.name.hasSuffix(".so") || $0.name.hasSuffix(".dylib")
        }
        guard let largest = libraries.max(by: { ($0.byteCount, $1.name) < ($1.byteCount, $0.name) })
        else {
            throw .wheel(name: name, reason: "it has no shared library")
        }
        guard largest.byteCount <= Self.limit else {
            throw .wheel(
                name: name,
                reason: "its library would have \(largest.byteCount.counted("byte"))")
        }
        library = largest
        texts = archive.entries.filter { entry in
            let parts = entry.name.split(separator: "/")
            return parts.count >= 2 && parts[0].hasSuffix(".dist-info")
                && entry.byteCount <= Self.textLimit
                && (parts[1] == "METADATA" || parts[1] == "licenses"
                    || parts[1].uppercased().hasPrefix("LICENSE"))
        }
    }

    /// Returns true if a path stays in its folder.
    private static func isSafe(_ path: String) -> Bool {
        !path.isEmpty && path.utf8.count <= 1000 && !path.hasPrefix("/")
            && !path.contains("\\") && !path.utf8.contains(0)
            && !path.split(separator: "/").contains { $0 == ".." || $0 == "." }
    }

    /// The name of the library's file.
    var libraryName: String {
        library.name.split(separator: "/").last.map(String.init) ?? library.name
    }

    /// Unpacks the library and the texts into a folder.
    ///
    /// - Throws: ``InstallError``.
    func unpack(into folder: URL) throws(InstallError) {
        try write(library, to: folder.appendingPathComponent(libraryName), mode: 0o755)
        var taken: Set<String> = [libraryName]
        for entry in texts {
            let own = entry.name.split(separator: "/").last.map(String.init) ?? ""
            guard !own.isEmpty, !entry.name.hasSuffix("/"), taken.insert(own).inserted else {
                continue
            }
            try write(entry, to: folder.appendingPathComponent(own), mode: 0o644)
        }
    }

    private func write(
        _ entry: ZipArchive.Entry, to url: URL, mode: Int
    ) throws(InstallError) {
        do {
            guard
                FileManager.default.createFile(
                    atPath: url.path, contents: nil, attributes: [.posixPermissions: mode])
            else { throw FileProblem(errorNumber: errno) }
            let handle = try FileHandle(forWritingTo: url)
            defer { try? handle.close() }
            try archive.extract(entry) { try handle.write(contentsOf: $0) }
        } catch let problem as ZipProblem {
            throw .wheel(name: name, reason: problem.reason)
        } catch {
            throw .folder(path: url.path, reason: FileProblem(error).reason)
        }
    }
}
