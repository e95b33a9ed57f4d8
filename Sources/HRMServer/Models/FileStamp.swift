import Foundation
import HRMTraining

/// The size and time of a model's file.
struct FileStamp: Sendable, Hashable {
    private var size: Int
    private var date: Date

    /// Reads the stamp of a file, or of the weights in a run folder.
    init(of url: URL) {
        var file = url
        if let run = try? RunFolder.open(url) { file = run.modelURL }
        let facts = try? FileManager.default.attributesOfItem(atPath: file.path)
        size = (facts?[.size] as? NSNumber)?.intValue ?? -1
        date = facts?[.modificationDate] as? Date ?? .distantPast
    }
}
