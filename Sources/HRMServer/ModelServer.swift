public import Foundation
import HRMFiles
public import HRMTensor
import HRMText
import HRMTraining
import Synchronization

/// A web server with the page and the interface of the models, for this machine or a network.
///
/// ```swift
/// let server = try ModelServer(ModelServer.Options())
/// print(server.address)
/// try await server.run()
/// ```
///
/// Concurrent puzzles share batches. Without a token, only this machine can connect; requests from
/// pages of other origins are refused. The interface is described by `/v1/openapi.json`.
public final class ModelServer: Sendable {
    /// The settings of a server.
    public struct Options: Sendable {
        /// The name or address on which it listens; by default only this machine can connect.
        public var host = "127.0.0.1"
        /// The port; 0 takes any free one.
        public var port = 0
        /// The token that requests need; required unless only this machine can connect.
        public var token: String?
        /// The folder with trainings; nil for none.
        public var runs: URL?
        /// Further models: run folders or weights files.
        public var models: [URL] = []
        /// The folder of a text model; nil for none.
        public var textModel: URL?
        /// The worker threads of each model.
        public var workers = Workers.available

        /// Creates the default settings.
        public init() {}
    }

    private let connections: ConnectionServer
    private let router: RequestRouter
    private let policy: AccessPolicy
    private let links: OneTimeLinks
    private let options: Options

    /// The headers of every answer.
    static let headers: [(name: String, value: String)] = [
        (
            "content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
                + "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
                + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        ("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"), ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"
        ),
    ]

    /// Creates a server and binds its address.
    ///
    /// - Parameters:
    ///   - options: The settings.
    ///   - report: Called with messages for the person who started the server.
    /// - Throws: ``ModelServerError``, or the errors of the text model's files.
    public convenience init(
        _ options: Options, report: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        try self.init(options, limits: HTTPLimits(), load: LoadLimits(), report: report)
    }

    /// Creates a server with other limits.
    init(
        _ options: Options, limits: HTTPLimits, load limitsOfLoad: LoadLimits,
        report: @escaping @Sendable (String) -> Void
    ) throws {
        let address = ListeningAddress(host: options.host, port: options.port)
        guard options.token?.isEmpty != true else { throw ModelServerError.emptyToken }
        guard options.token != nil || address.isLoopback else {
            throw ModelServerError.tokenNeeded(host: options.host)
        }
        let files = try PageFiles()
        let load = ServerLoad(limitsOfLoad)
        let library = ModelLibrary(
            runs: options.runs, files: options.models, workers: options.workers)
        let completions = try options.textModel.map { try Self.completions($0, options, load) }
        do {
            connections = try ConnectionServer(address, limits: limits)
        } catch {
            throw ModelServerError.notListening(
                host: options.host, port: options.port, reason: error.localizedDescription)
        }
        let base = Self.base(host: options.host, port: connections.port)
        links = OneTimeLinks { report("Another link, for one more browser: \(base)/?token=\($0)") }
        policy = AccessPolicy(
            address: address, port: connections.port, token: options.token,
            session: links.session)
        self.options = options
        let health = HealthHandler(
            load: load, limits: limits, connections: connections, start: .now)
        router = RequestRouter(
            routes: Self.routes(
                library: library, runs: RunCatalog(folder: options.runs), load: load,
                learning: LearnHandler(load: load, workers: options.workers),
                completions: completions, health: health, description: files.description),
            files: files, links: links, load: load, report: report)
    }

    /// The methods and paths of the interface.
    var routes: [(method: String, pattern: String)] {
        router.routes.map { ($0.method, $0.pattern) }
    }

    /// The port on which the server listens.
    public var port: Int { connections.port }

    /// The page's address; with a token, a link that works once.
    public var address: String {
        let base = Self.base(host: options.host, port: port)
        return policy.needsToken ? "\(base)/?token=\(links.ticket)" : "\(base)/"
    }

    private static func base(host: String, port: Int) -> String {
        let name =
            switch host {
            case "0.0.0.0", "::": ProcessInfo.processInfo.hostName
            default: host.contains(":") ? "[\(host)]" : host
            }
        return "http://\(name):\(port)"
    }

    /// Answers requests until ``stop()``.
    ///
    /// - Throws: An error of the system's event queue.
    public func run() async throws {
        let (policy, links, router) = (policy, links, router)
        try await connections.run(headers: Self.headers) { head in
            let isLink =
                head.method == "GET" && head.path == [""]
                && head.query.contains { $0.name == "token" && links.isValid($0.value) }
            try policy.check(head, isLink: isLink)
        } handler: {
            await router.answer($0)
        }
    }

    /// Ends the server: nothing more is accepted, and requests in progress get a short time.
    public func stop() { connections.stop() }

    private static func completions(
        _ folder: URL, _ options: Options, _ load: ServerLoad
    ) throws -> CompletionHandler {
        let model = try TextModel.load(
            folder: folder, options: TextModelOptions(workers: options.workers))
        let tokenizer = try Tokenizer(
            contentsOf: folder.appendingPathComponent("tokenizer.json"))
        return CompletionHandler(
            name: folder.standardizedFileURL.lastPathComponent,
            generator: try TextGenerator(model: model, tokenizer: tokenizer, rows: 8), load: load)
    }
}
