import Foundation

extension Program {
    /// Runs a shell script in which `$hrm` is the program; it is killed after a timeout.
    ///
    /// - Parameters:
    ///   - script: The script.
    ///   - folder: The working folder.
    /// - Returns: The result of the shell.
    /// - Throws: ``NotBuilt``, or an error of the file system.
    static func shell(_ script: String, in folder: URL) throws -> Result {
        let exchange = FileManager.default.temporaryDirectory
            .appendingPathComponent("hrm-shell-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: exchange, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: exchange) }
        let files = ["out", "err"].map { exchange.appendingPathComponent($0) }
        for file in files { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment
            .merging(["hrm": try executable.get().path]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        try process.run()
        let identifier = process.processIdentifier
        let watchdog = DispatchWorkItem { kill(identifier, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + 120, execute: watchdog)
        process.waitUntilExit()
        watchdog.cancel()
        let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return Result(status: process.terminationStatus, output: texts[0], errors: texts[1])
    }

    /// Returns true if the shell finds a program.
    static func hasTool(_ name: String) -> Bool {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return folders.split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
        }
    }
}
