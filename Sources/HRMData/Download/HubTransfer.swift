import Foundation
import HRMFiles

/// The resumable transfer of one file from a hub to the disk.
struct HubTransfer {
    let connection: HubConnection
    let url: URL
    let facts: HubFileFacts
    /// The incomplete file.
    let target: URL

    /// The number of bytes received.
    var receivedCount: Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: target.path)
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }

    /// Downloads the missing bytes.
    ///
    /// - Parameter progress: Called with the number of bytes received.
    /// - Returns: True if the file has bytes from an earlier attempt.
    /// - Throws: ``HubConnection/Problem``; the bytes received are kept.
    func run(progress: (Int) -> Void) throws(HubConnection.Problem) -> Bool {
        var start = receivedCount
        if start > facts.size {
            try remove()
            start = 0
        }
        if start == facts.size, start > 0 { return true }
        let answer = try connection.ask("GET", url, from: start)
        defer { answer.exchange.close() }
        if answer.exchange.head.status == 416 {
            try remove()
            throw .lost(reason: "the server cannot continue the file", server: url.server)
        }
        try connection.check(answer)
        switch answer.exchange.head.status {
        case 200: start = 0
        case 206 where Self.firstByte(answer.exchange.head) == start: break
        case 206:
            try remove()
            throw .lost(reason: "the server has sent another part", server: url.server)
        case let status:
            throw .final(
                .unexpectedAnswer(url: answer.url.shown, reason: "the status is \(status)"))
        }
        try write(answer, from: start, progress: progress)
        return start > 0
    }

    /// Returns the first byte of a partial response, from its `Content-Range`.
    private static func firstByte(_ head: HTTPExchange.Head) -> Int? {
        guard let range = head.header("Content-Range"), range.hasPrefix("bytes ") else {
            return nil
        }
        return range.dropFirst(6).split(separator: "-").first.flatMap { Int($0) }
    }

    private func write(
        _ answer: HubConnection.Answer, from start: Int, progress: (Int) -> Void
    ) throws(HubConnection.Problem) {
        let handle = try opened(at: start)
        defer { try? handle.close() }
        var count = start
        progress(count)
        while true {
            let piece: Data?
            do {
                piece = try answer.exchange.nextPiece()
            } catch {
                throw .lost(reason: error.reason, server: answer.url.server)
            }
            guard let piece else { break }
            guard piece.count <= facts.size - count else {
                try remove()
                throw .final(
                    .unexpectedAnswer(
                        url: answer.url.shown,
                        reason:
                            "more than the \(facts.size.counted("byte")) arrive that were told before"
                    ))
            }
            do {
                try handle.write(contentsOf: piece)
            } catch {
                throw .final(.cache(path: target.path, reason: FileProblem(error).reason))
            }
            count += piece.count
            progress(count)
        }
        guard count == facts.size else {
            throw .lost(reason: "the answer ended early", server: answer.url.server)
        }
    }

    /// Opens the file, truncated to the bytes to keep.
    private func opened(at start: Int) throws(HubConnection.Problem) -> FileHandle {
        do {
            if !FileManager.default.fileExists(atPath: target.path) {
                try Data().write(to: target)
            }
            let handle = try FileHandle(forWritingTo: target)
            try handle.truncate(atOffset: UInt64(start))
            return handle
        } catch {
            throw .final(.cache(path: target.path, reason: FileProblem(error).reason))
        }
    }

    /// Verifies the file's checksum, and removes the file on a mismatch.
    ///
    /// - Returns: The actual checksum if it is wrong, otherwise `nil`.
    func wrongChecksum() throws(HubConnection.Problem) -> String? {
        let found: String
        do {
            found = try facts.checksum.actual(of: target)
        } catch {
            throw .final(.cache(path: target.path, reason: error.reason))
        }
        guard found != facts.checksum.text else { return nil }
        try remove()
        return found
    }

    private func remove() throws(HubConnection.Problem) {
        do {
            try FileManager.default.removeItem(at: target)
        } catch {
            throw .final(.cache(path: target.path, reason: FileProblem(error).reason))
        }
    }
}
