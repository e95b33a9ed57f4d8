import ArgumentParser
import Dispatch
import Foundation
import HRMFiles
import HRMServer
import Synchronization

/// The command `hrm serve`.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a page for solving, playing and watching, and an interface for programs.",
        discussion: """
            Prints the address of a page: type, paste or generate puzzles and watch the model think \
            step by step, solve them yourself, let ARC tasks be learned, and follow trainings. \
            Everything stays on this machine, and nothing is loaded from elsewhere.

            Programs use the same interface: POST /v1/solve answers like 'hrm solve --json', POST \
            /v1/thoughts sends each thinking step as it is computed. /v1/openapi.json describes all \
            of it.

            Only this machine can connect, unless --host names another address. Then a token is \
            needed: programs send it as 'Authorization: Bearer', and a browser gets a cookie by the \
            printed link, which works once. Ctrl-C ends the server.
            """)

    @Option(
        help: ArgumentHelp(
            "A folder with runs of 'hrm train', to follow and to use.", valueName: "dir"))
    var runs: String?
    @Option(help: ArgumentHelp("The port; 0 takes any free one.", valueName: "n"))
    var port = 8080
    @Option(
        help: ArgumentHelp(
            "The address on which to listen; by default only this machine can connect.",
            valueName: "host"))
    var host = "127.0.0.1"
    @Option(
        help: ArgumentHelp(
            "The token that requests need; by default the variable HRM_TOKEN, which other users of "
                + "this machine do not see.", valueName: "text"))
    var token: String?
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Further models: run folders or weights files.", valueName: "path"))
    var models: [String] = []
    @Option(
        help: ArgumentHelp("The folder of a text model, for /v1/completions.", valueName: "folder"))
    var textModel: String?
    @OptionGroup var workers: WorkerOptions
    @Flag(help: "Open the page in the browser.")
    var open = false

    func validate() throws {
        try port.require(in: 0...65_535, "--port")
    }

    func run() throws {
        var options = ModelServer.Options()
        options.host = host
        options.port = port
        options.token = token ?? ProcessInfo.processInfo.environment["HRM_TOKEN"]
        if options.token?.isEmpty == true, token == nil { options.token = nil }
        options.runs = try runs.map(Self.folder)
        options.models = try models.map(Self.existing)
        options.textModel = try textModel.map(Self.folder)
        options.workers = workers.threads
        let server = try ModelServer(options) { Console.tell($0) }
        try Console.print("The page is at \(server.address)")
        if open { Self.open(server.address) }
        try Self.serve(server)
    }

    /// Runs a server until a signal arrives.
    private static func serve(_ server: ModelServer) throws {
        StopSignal.listen()
        let ended = DispatchSemaphore(value: 0)
        let failure = Mutex<(any Error)?>(nil)
        Task {
            do {
                try await server.run()
            } catch {
                failure.withLock { $0 = error }
            }
            ended.signal()
        }
        while ended.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
            guard StopSignal.current != nil else { continue }
            server.stop()
            _ = ended.wait(timeout: .now() + .seconds(10))
            Console.tell("The server has ended")
            return
        }
        if let error = failure.withLock({ $0 }) {
            throw CommandError("the server has ended: \(error.localizedDescription)")
        }
    }

    private static func folder(_ path: String) throws -> URL {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
            isFolder.boolValue
        else { throw CommandError("there is no folder '\(PuzzlePlace.shown(path, most: 200))'") }
        return URL(fileURLWithPath: path)
    }

    private static func existing(_ path: String) throws -> URL {
        guard FileManager.default.fileExists(atPath: path) else {
            throw CommandError(PuzzlePlace.missing(path))
        }
        return URL(fileURLWithPath: path)
    }

    /// Opens an address in the browser, if the system has a program for that.
    private static func open(_ address: String) {
        #if canImport(Darwin)
            let program = "/usr/bin/open"
        #else
            let program = "/usr/bin/xdg-open"
        #endif
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = [address]
        do {
            try process.run()
        } catch {
            Console.tell("The browser cannot be opened; open the address yourself")
        }
    }
}
