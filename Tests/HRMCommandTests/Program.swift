import Foundation

/// The built `hrm`, run as users run it.
enum Program {
    /// The result of a run.
    struct Result {
        var status: Int32
        var output: String
        var errors: String

        /// Standard output as one JSON object.
        var json: [String: Any] {
            get throws {
                let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
                return value as? [String: Any] ?? [:]
            }
        }
    }

    /// An error for a missing `hrm` beside the tests.
    struct NotBuilt: Error, CustomStringConvertible {
        var searched: [String]
        var description: String { "no executable 'hrm' in \(searched.joined(separator: ", "))" }
    }

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - arguments: The command line after `hrm`.
    ///   - input: Standard input.
    ///   - environment: Variables in addition to those of the tests.
    ///   - folder: The working folder.
    /// - Returns: The result.
    /// - Throws: ``NotBuilt``, or an error of the file system.
    static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:],
        in folder: URL
    ) throws -> Result {
        let started = try start(arguments, input: input, environment: environment, in: folder)
        return try started.finish()
    }

    /// Starts the program.
    static func start(
        _ arguments: [String], input: String = "", environment: [String: String] = [:],
        in folder: URL
    ) throws -> Started {
        // Files, because a full pipe without a reader would block the program.
        let exchange = FileManager.default.temporaryDirectory
            .appendingPathComponent("hrm-exchange-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: exchange, withIntermediateDirectories: true)
        let files = ["in", "out", "err"].map { exchange.appendingPathComponent($0) }
        try Data(input.utf8).write(to: files[0])
        for file in files[1...] { try Data().write(to: file) }

        let process = Process()
        process.executableURL = try executable.get()
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        try process.run()
        return Started(process: process, exchange: exchange)
    }

    /// A running program.
    struct Started {
        let process: Process
        fileprivate let exchange: URL

        /// Waits for the end; the program is killed after a timeout.
        func finish() throws -> Result {
            let identifier = process.processIdentifier
            let watchdog = DispatchWorkItem { kill(identifier, SIGKILL) }
            DispatchQueue.global().asyncAfter(deadline: .now() + 120, execute: watchdog)
            defer {
                watchdog.cancel()
                try? FileManager.default.removeItem(at: exchange)
            }
            process.waitUntilExit()
            func text(_ name: String) throws -> String {
                try String(contentsOf: exchange.appendingPathComponent(name), encoding: .utf8)
            }
            return Result(
                status: process.terminationStatus, output: try text("out"),
                errors: try text("err"))
        }
    }

    /// The executable, which is beside the test bundle for every scratch path and configuration.
    static let executable: Swift.Result<URL, NotBuilt> = {
        let bundles = [Bundle.main] + Bundle.allBundles
        let places =
            [URL(fileURLWithPath: CommandLine.arguments[0])]
            + bundles.flatMap { [$0.bundleURL, $0.executableURL ?? $0.bundleURL] }
        var searched: [String] = []
        for place in places {
            var folder = place.resolvingSymlinksInPath()
            for _ in 0..<4 {
                let candidate = folder.appendingPathComponent("hrm")
                var isFolder: ObjCBool = false
                if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder),
                    !isFolder.boolValue
                {
                    return .success(candidate)
                }
                searched.append(folder.path)
                folder.deleteLastPathComponent()
            }
        }
        return .failure(NotBuilt(searched: searched))
    }()
}
