public import Foundation
import HRMFiles
public import HRMInference

/// The trained models included in the package.
///
/// Each is a safetensors file with some ten thousand weights in bfloat16, and a model card with its
/// training data, training time, accuracy and limitations.
public enum PretrainedModel: String, Sendable, Hashable, CaseIterable {
    /// 4×4 Sudokus.
    case sudoku4x4 = "sudoku-4x4"
    /// 6×6 Sudokus with boxes of two rows and three columns.
    case sudoku6x6 = "sudoku-6x6"
    /// 9×9 Sudokus.
    case sudoku9x9 = "sudoku-9x9"
    /// 9×9 mazes with a unique shortest path.
    case maze9x9 = "maze-9x9"

    /// The default plan of these models, equal to `InferenceOptions.recommended(for:)`.
    public static let plan = InferenceOptions(maxSteps: 64, halting: .converged, restarts: 15)

    /// The folder of the weights and cards.
    static let resources = ResourceFolder(target: "HRMPretrained")

    /// Reads the model.
    ///
    /// - Throws: ``PretrainedModelError`` if the package's resources are missing, and the errors of
    ///   `ModelFile` about a modified file.
    public func load() throws -> ModelFile {
        try ModelFile(contentsOf: file("safetensors"))
    }

    /// Returns the model card in Markdown.
    ///
    /// - Throws: ``PretrainedModelError`` if the package's resources are missing.
    public func card() throws -> String {
        try String(contentsOf: file("md"), encoding: .utf8)
    }

    /// Returns the URL of the weights file.
    ///
    /// - Throws: ``PretrainedModelError`` if it is missing.
    public func url() throws(PretrainedModelError) -> URL { try file("safetensors") }

    private func file(_ suffix: String) throws(PretrainedModelError) -> URL {
        let places = Self.resources.candidates
        for folder in places {
            let url = folder.appendingPathComponent("Models/\(rawValue).\(suffix)")
            if FileManager.default.fileExists(atPath: url.path) { return url }
        }
        throw PretrainedModelError(model: self, places: places.map(\.path))
    }

    /// Returns the model for a puzzle, according to the notation of the puzzle.
    ///
    /// - Parameter text: A puzzle, or the beginning of a text with several; the first line that can
    ///   be a puzzle or a row of one decides. A row of open cells alone may belong to a maze or a
    ///   Sudoku; it counts as a maze's unless a later line decides otherwise.
    /// - Returns: The model; nil if the text matches none.
    public static func suitable(for text: String) -> Self? {
        var recognizer = PuzzleRecognizer()
        for line in text.split(whereSeparator: \.isNewline) {
            if case .model(let model) = recognizer.read(line) { return model }
        }
        return recognizer.assumption
    }
}

/// The error for missing resources of the package.
public struct PretrainedModelError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The requested model.
    public var model: PretrainedModel
    /// The searched locations.
    public var places: [String]

    /// One sentence that states the missing resource, the searched locations and the remedy.
    public var description: String {
        "the model '\(model.rawValue)' that comes with the package was not found in "
            + places.joined(separator: ", nor in ")
            + "; put the folder \(PretrainedModel.resources.name) from the build beside the program, or use a "
            + "model of your own"
    }
}

extension Reasoner {
    /// Creates a reasoner with a model included in the package; its default plan is
    /// `PretrainedModel.plan`.
    ///
    /// - Parameter model: The model.
    /// - Throws: The errors of `PretrainedModel.load()`.
    public convenience init(_ model: PretrainedModel) throws {
        self.init(try model.load(), plan: PretrainedModel.plan)
    }
}
