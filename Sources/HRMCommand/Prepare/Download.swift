import Foundation
import HRMData
import HRMFigures

/// Downloads files of published data sets, with progress on the terminal.
enum Download {
    /// Downloads files, or finds them in the cache.
    ///
    /// - Parameters:
    ///   - names: The files' paths in the data set.
    ///   - dataset: The data set.
    ///   - progress: The display of the progress.
    /// - Returns: The locations of the files, in the same order.
    /// - Throws: ``DownloadError``.
    static func files(
        _ names: [String], of dataset: HubDataset, progress: inout ProgressDisplay
    ) throws -> [URL] {
        let settings = try HubSettings(environment: ProcessInfo.processInfo.environment)
        let downloader = HubDownloader(settings: settings)
        var urls: [URL] = []
        for name in names {
            progress.tell("\(dataset.id)/\(name) from \(settings.endpoint.absoluteString)")
            let start = progress.elapsed
            let url = try downloader.file(name, of: dataset) { state in
                progress.show(isEnd: state.received == state.total) { elapsed in
                    let fraction = Double(state.received) / Double(max(1, state.total))
                    return ProgressBar(
                        fraction: fraction,
                        losses: [.init("MB", Double(state.received) / 1e6)],
                        secondsLeft: ProgressBar.secondsLeft(
                            elapsed: elapsed - start, fraction: fraction))
                }
            }
            progress.tell("It is in \(url.path)")
            urls.append(url)
        }
        return urls
    }
}
