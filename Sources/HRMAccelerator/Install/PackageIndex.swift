import Foundation
import HRMData
import HRMFiles

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Requests to a Python package index; credentials are sent to its own server only.
struct PackageIndex {
    let settings: IndexSettings
    /// The seconds without a response after which a connection counts as lost.
    var timeout = 60.0

    private static let mostRedirects = 5
    private static let attempts = 3

    /// Returns the files of a package.
    func files(of package: String) throws(InstallError) -> [IndexFile] {
        let name = WheelName.normalized(package)
        guard let url = URL(string: "\(settings.url.absoluteString)/\(name)/") else {
            throw .index(url: settings.url.absoluteString, reason: "\(name) is no name")
        }
        var bytes: [UInt8] = []
        let head = try get(url, accepting: Self.accepted) { piece throws(InstallError) in
            bytes += piece
            guard bytes.count <= IndexPage.limit else {
                throw .index(url: url.shownWithoutQuery, reason: "the page has too many bytes")
            }
        }
        let type = head.header("Content-Type") ?? ""
        return try IndexPage.files(bytes, isJSON: type.contains("json"), url: url)
    }

    private static let accepted =
        "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, "
        + "text/html;q=0.1"

    /// Downloads a file, and checks its size and SHA-256 digest.
    ///
    /// - Parameters:
    ///   - file: The file, whose digest must be known.
    ///   - target: A file that does not exist.
    ///   - limit: The largest number of bytes to accept.
    ///   - progress: Called with the bytes received and, if known, the bytes in all.
    /// - Throws: ``InstallError``; the target may be left incomplete.
    func download(
        _ file: IndexFile, to target: URL, limit: Int, progress: (Int, Int?) -> Void
    ) throws(InstallError) {
        guard let expected = file.sha256 else {
            throw .wheel(name: file.name, reason: "the index does not tell its SHA-256 digest")
        }
        var problem = InstallError.index(url: file.url.shownWithoutQuery, reason: "")
        for attempt in 1...Self.attempts {
            do throws(InstallError) {
                let found = try transfer(file, to: target, limit: limit, progress: progress)
                guard found == expected else {
                    throw .wheel(
                        name: file.name,
                        reason: "its SHA-256 digest is \(found), the index says \(expected)")
                }
                return
            } catch {
                guard case .index = error, attempt < Self.attempts else { throw error }
                problem = error
            }
        }
        throw problem
    }

    private func transfer(
        _ file: IndexFile, to target: URL, limit: Int, progress: (Int, Int?) -> Void
    ) throws(InstallError) -> String {
        let handle: FileHandle
        do {
            try Data().write(to: target)
            handle = try FileHandle(forWritingTo: target)
        } catch {
            throw .folder(path: target.path, reason: FileReason.of(error))
        }
        defer { try? handle.close() }
        var digest = SHA256()
        var count = 0
        try get(file.url, accepting: "*/*") { piece throws(InstallError) in
            count += piece.count
            guard count <= min(limit, file.byteCount ?? limit) else {
                throw .wheel(name: file.name, reason: "more bytes arrive than it has")
            }
            digest.update(with: Array(piece))
            do {
                try handle.write(contentsOf: piece)
            } catch {
                throw .folder(path: target.path, reason: FileReason.of(error))
            }
            progress(count, file.byteCount)
        }
        return digest.finalizedHexadecimal()
    }

    /// Requests a URL, and passes on the body of the first response that is no redirect.
    @discardableResult private func get(
        _ url: URL, accepting types: String, _ body: (Data) throws(InstallError) -> Void
    ) throws(InstallError) -> HTTPExchange.Head {
        var current = url
        for _ in 0...Self.mostRedirects {
            let shown = current.shownWithoutQuery
            let exchange: HTTPExchange
            do {
                exchange = try HTTPExchange(request(current, types), timeout: timeout)
            } catch {
                throw .index(url: shown, reason: error.reason)
            }
            defer { exchange.close() }
            switch exchange.head.status {
            case 200:
                do {
                    while let piece = try exchange.nextPiece() { try body(piece) }
                } catch let error as InstallError {
                    throw error
                } catch let error as HTTPExchange.Failure {
                    throw .index(url: shown, reason: error.reason)
                } catch {
                    throw .index(url: shown, reason: "\(error)")
                }
                return exchange.head
            case 301, 302, 303, 307, 308:
                guard let location = exchange.head.header("Location"),
                    let next = URL(string: location, relativeTo: current)?.absoluteURL,
                    let scheme = next.scheme?.lowercased(),
                    scheme == "https" || scheme == current.scheme?.lowercased()
                else { throw .index(url: shown, reason: "it redirects to nowhere") }
                current = next
            case 404: throw .index(url: shown, reason: "there is nothing (status 404)")
            case let status: throw .index(url: shown, reason: "the status is \(status)")
            }
        }
        throw .index(
            url: url.shownWithoutQuery,
            reason: "more than \(Self.mostRedirects) redirects follow")
    }

    private func request(_ url: URL, _ types: String) -> URLRequest {
        var request = URLRequest(url: url)
        request.setValue(types, forHTTPHeaderField: "Accept")
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        request.setValue("swift-hrm", forHTTPHeaderField: "User-Agent")
        let isOwn =
            url.host?.lowercased() == settings.url.host?.lowercased()
            && url.scheme == settings.url.scheme && url.port == settings.url.port
        if let authorization = settings.authorization, isOwn {
            request.setValue(authorization, forHTTPHeaderField: "Authorization")
        }
        return request
    }
}

extension URL {
    /// The URL without its query, which may have a secret.
    fileprivate var shownWithoutQuery: String {
        absoluteString.split(separator: "?", maxSplits: 1).first.map(String.init) ?? absoluteString
    }
}
