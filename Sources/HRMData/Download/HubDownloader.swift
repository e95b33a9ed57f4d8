public import Foundation
import HRMFiles

/// Downloads files of published data sets into the hub's cache.
///
/// Cached files are not downloaded again, and interrupted downloads are resumed. Content is
/// verified against the hub's checksum before it appears under the file's name.
public struct HubDownloader: Sendable {
    /// The progress of a download.
    public struct Progress: Sendable, Hashable {
        /// The file's path in its data set.
        public var file: String
        /// The number of bytes received.
        public var received: Int
        /// The size of the file in bytes.
        public var total: Int
    }

    /// The server, token and cache.
    package let settings: HubSettings
    /// The maximum number of attempts before a failure is final.
    public let attempts: Int
    private let pause: @Sendable (_ seconds: Double) -> Void

    /// Creates a downloader.
    ///
    /// - Parameters:
    ///   - settings: The server, token and cache.
    ///   - attempts: The maximum number of attempts, at least 1.
    ///   - pause: Waits between two attempts.
    package init(
        settings: HubSettings, attempts: Int = 5,
        pause: @escaping @Sendable (_ seconds: Double) -> Void = {
            Thread.sleep(forTimeInterval: $0)
        }
    ) {
        precondition(attempts >= 1, "\(attempts) attempts, at least 1 is needed")
        self.settings = settings
        self.attempts = attempts
        self.pause = pause
    }

    /// Downloads a file, or finds it in the cache.
    ///
    /// The calling thread is blocked until the file is complete.
    ///
    /// - Parameters:
    ///   - path: The file's path in the data set, such as `train.csv`.
    ///   - dataset: The data set.
    ///   - progress: Called on the calling thread with the progress.
    /// - Returns: The location of the file in the cache.
    /// - Throws: ``DownloadError``.
    public func file(
        _ path: String, of dataset: HubDataset, progress: (Progress) -> Void = { _ in }
    ) throws(DownloadError) -> URL {
        let file = try HubFilePath(path)
        let cache = HubCache(root: settings.cache, dataset: dataset)
        let known = cache.latest(file)
        if settings.isOffline {
            if let known { return known }
            throw .offline(file: "\(dataset.id)/\(path)", cache: settings.cache.path)
        }
        let url = try settings.url(of: file, in: dataset)
        let facts: HubFileFacts
        do {
            facts = try self.facts(url)
        } catch {
            // Without a connection, the last known version is better than none.
            if let known, error.isTemporary { return known }
            throw error
        }
        let snapshot = cache.snapshot(file, commit: facts.commit)
        if cache.size(of: snapshot) == facts.size {
            try cache.remember(facts.commit)
            return snapshot
        }
        try cache.makeFolder(for: cache.lock(facts.checksum))
        try cache.makeFolder(for: cache.blob(facts.checksum))
        let lock = try FileLock(cache.lock(facts.checksum))
        if cache.size(of: cache.blob(facts.checksum)) != facts.size {
            let transfer = HubTransfer(
                connection: HubConnection(settings: settings), url: url, facts: facts,
                target: cache.incomplete(facts.checksum))
            try fetch(transfer) { received in
                progress(Progress(file: path, received: received, total: facts.size))
            }
            let blob = cache.blob(facts.checksum)
            guard rename(transfer.target.path, blob.path) == 0 else {
                throw .cache(path: blob.path, reason: FileProblem(errorNumber: errno).reason)
            }
        }
        let published = try cache.publish(facts.checksum, as: file, commit: facts.commit)
        _ = consume lock
        return published
    }

    /// Requests the properties of a file.
    private func facts(_ url: URL) throws(DownloadError) -> HubFileFacts {
        let connection = HubConnection(settings: settings)
        for attempt in 1...attempts {
            do throws(HubConnection.Problem) {
                let answer = try connection.ask("HEAD", url, stopsAtStore: true)
                defer { answer.exchange.close() }
                try connection.check(answer)
                do {
                    return try HubFileFacts(
                        answer.exchange.head, commit: answer.commit, url: answer.url)
                } catch {
                    throw .final(error)
                }
            } catch {
                switch error {
                case .final(let error): throw error
                // Nothing has been downloaded yet, so a missing connection is reported at once.
                case .lost(let reason, let server):
                    throw .unreachable(server: server, reason: reason)
                case .busy(let status, let url) where attempt == attempts:
                    throw .status(status, url: url, attempts: attempts)
                case .busy: wait(after: attempt)
                }
            }
        }
        preconditionFailure("the last attempt returns or throws")
    }

    /// Downloads the missing bytes, with retries where they may help.
    private func fetch(
        _ transfer: HubTransfer, progress: (Int) -> Void
    ) throws(DownloadError) {
        for attempt in 1...attempts {
            let isLast = attempt == attempts
            do throws(HubConnection.Problem) {
                let wasContinued = try transfer.run(progress: progress)
                guard let found = try transfer.wrongChecksum() else { return }
                // The bytes left by an earlier process may have been wrong.
                if wasContinued, !isLast { continue }
                throw .final(
                    .wrongChecksum(
                        url: transfer.url.shown, found: found,
                        expected: transfer.facts.checksum.text))
            } catch {
                switch error {
                case .final(let error): throw error
                case .lost(let reason, _) where isLast:
                    throw .interrupted(
                        url: transfer.url.shown, received: transfer.receivedCount,
                        expected: transfer.facts.size, attempts: attempts, reason: reason)
                case .busy(let status, let url) where isLast:
                    throw .status(status, url: url, attempts: attempts)
                case .lost, .busy: wait(after: attempt)
                }
            }
        }
    }

    /// Waits 1, 2, 4, … seconds: exponential backoff.
    private func wait(after attempt: Int) {
        pause(Double(1 << min(attempt - 1, 5)))
    }
}

extension DownloadError {
    /// True if the server, not the request, is at fault.
    fileprivate var isTemporary: Bool {
        switch self {
        case .unreachable, .status(500..., _, _), .status(429, _, _), .status(408, _, _): true
        default: false
        }
    }
}
