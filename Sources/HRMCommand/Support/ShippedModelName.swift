import Foundation
import HRMPretrained

/// Names of the models that come with the program, wherever a command takes them beside paths.
enum ShippedModelName {
    /// The file of the model of a name; nil for every other name, which is a path then.
    ///
    /// A file or folder that the name also leads to is not meant, which is said.
    ///
    /// - Parameter name: The name, as the user writes it.
    /// - Returns: The file.
    /// - Throws: `PretrainedModelError` when it is not where it belongs.
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
