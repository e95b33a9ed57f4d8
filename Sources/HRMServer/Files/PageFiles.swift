import Foundation
import HRMFiles

/// The files of the page, read once when the server starts.
struct PageFiles: Sendable {
    /// A file.
    struct File: Sendable {
        var content: Data
        var contentType: String
        var tag: String
    }

    private let files: [String: File]
    /// The description of the interface.
    let description: Data

    private static let contentTypes = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8", "mjs": "text/javascript; charset=utf-8",
        "json": "application/json; charset=utf-8", "svg": "image/svg+xml", "png": "image/png",
        "ico": "image/x-icon", "webmanifest": "application/manifest+json",
        "txt": "text/plain; charset=utf-8",
    ]

    /// Reads the files.
    ///
    /// - Throws: ``PageFilesError`` if the package's resources are missing.
    init() throws {
        let resources = ResourceFolder(target: "HRMServer")
        let folder = resources.candidates.first {
            FileManager.default.fileExists(
                atPath: $0.appendingPathComponent("openapi.json").path)
        }
        guard let folder else {
            throw PageFilesError(name: resources.name, places: resources.candidates.map(\.path))
        }
        description = try Data(contentsOf: folder.appendingPathComponent("openapi.json"))
        files = try Self.files(below: folder.appendingPathComponent("Page"))
    }

    /// Reads all files of known types; the paths of URLs are only looked up among them.
    private static func files(below folder: URL) throws -> [String: File] {
        var files: [String: File] = [:]
        let paths = FileManager.default.enumerator(atPath: folder.path)
        while let path = paths?.nextObject() as? String {
            let type = contentTypes[(path as NSString).pathExtension.lowercased()]
            guard let type, !path.split(separator: "/").contains(where: { $0.hasPrefix(".") })
            else { continue }
            let content = try Data(contentsOf: folder.appendingPathComponent(path))
            files[path] = File(
                content: content, contentType: type,
                tag: "\"\(ContentDigest.sha256(of: content).prefix(32))\"")
        }
        return files
    }

    /// The paths of all files.
    var paths: [String] { files.keys.sorted() }

    /// Returns the text of a file; nil if there is none of this path.
    func text(_ path: String) -> String? {
        files[path].map { String(decoding: $0.content, as: UTF8.self) }
    }

    /// Returns the answer with a file; nil if there is none of this path.
    ///
    /// - Parameters:
    ///   - path: The segments of the path.
    ///   - request: The request, which may have the file's tag.
    /// - Returns: The answer.
    func response(_ path: [String], _ request: HTTPRequest) -> HTTPResponse? {
        let name = path == [""] ? "index.html" : path.joined(separator: "/")
        guard let file = files[name] else { return nil }
        let headers = [
            ("content-type", file.contentType), ("etag", file.tag), ("cache-control", "no-cache"),
        ]
        let known = (request.header("if-none-match") ?? "").split(separator: ",")
        guard !known.contains(where: { $0.trimmingSpaces == file.tag }) else {
            return HTTPResponse(status: .notModified, headers: headers, body: .data(Data()))
        }
        return HTTPResponse(headers: headers, body: .data(file.content))
    }
}

/// The error for missing resources of the server.
struct PageFilesError: Error, CustomStringConvertible {
    var name: String
    var places: [String]

    var description: String {
        "the page that comes with the package was not found in "
            + places.joined(separator: ", nor in ")
            + "; put the folder \(name) from the build beside the program"
    }
}
