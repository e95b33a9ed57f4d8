public import Foundation

extension ModelFile {
    /// Returns the folder with the files that belong to a model: the run folder itself, or the folder
    /// of a weights file.
    ///
    /// - Parameter checkpoint: A run folder or a weights file.
    /// - Returns: The folder.
    public static func folder(of checkpoint: URL) -> URL {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(
            atPath: checkpoint.path, isDirectory: &isFolder)
        return exists && isFolder.boolValue ? checkpoint : checkpoint.deletingLastPathComponent()
    }
}
