import Foundation
import HRMPretrained

/// Names of the models included with the program, which commands accept in place of paths.
enum ShippedModelName {
    /// Returns the file of an included model; nil for any other name, which is then a path.
    ///
    /// If a file or folder of the same name exists, it is ignored, and a note says so.
    ///
    /// - Parameter name: The name, as written by the user.
    /// - Returns: The file.
    /// - Throws: `PretrainedModelError` if the file is missing.
    static func url(_ name: String) throws(PretrainedModelError) -> URL? {
        guard let model = PretrainedModel(rawValue: name) else { return nil }
        if FileManager.default.fileExists(atPath: name) {
            Console.tell(
                "Note: \(name) is the model that comes with hrm; write ./\(name) for what lies in this "
                    + "folder under that name")
        }
        return try model.url()
    }
}
