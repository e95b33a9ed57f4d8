import Foundation
import Testing

/// A running `hrm` whose input is written incrementally while its answers are read.
final class Conversation {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let watchdog: DispatchWorkItem
    private var unread = Data()

    /// Starts the program with standard error redirected to the file `errors` of the folder.
    init(_ arguments: [String], in bench: Workbench) throws {
        try bench.write("", to: "errors")
        process.executableURL = try Program.executable.get()
        process.arguments = arguments
        process.currentDirectoryURL = bench.folder
        process.standardInput = input
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: bench.url("errors"))
        try process.run()
        let identifier = process.processIdentifier
        watchdog = DispatchWorkItem { kill(identifier, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + 120, execute: watchdog)
    }

    func write(_ text: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    }

    /// Reads the output up to a byte with `isLast`; less if the program ends.
    func read(until isLast: (UInt8) -> Bool) -> String {
        while true {
            if let end = unread.firstIndex(where: isLast) {
                defer { unread = Data(unread[(end + 1)...]) }
                return String(decoding: unread[...end], as: UTF8.self)
            }
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else {
                defer { unread = Data() }
                return String(decoding: unread, as: UTF8.self)
            }
            unread += more
        }
    }

    func line() -> String { read { $0 == UInt8(ascii: "\n") } }

    /// Sends a signal to the program.
    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// The program's peak memory in KiB; `nil` if the system does not report it.
    var peakMemory: Int? {
        let path = "/proc/\(process.processIdentifier)/status"
        let status = try? String(contentsOfFile: path, encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
    }

    /// Closes the input.
    ///
    /// - Returns: The rest of the output, and the exit status.
    func finish() throws -> (output: String, status: Int32) {
        try input.fileHandleForWriting.close()
        let rest = read { _ in false }
        process.waitUntilExit()
        watchdog.cancel()
        return (rest, process.terminationStatus)
    }
}
