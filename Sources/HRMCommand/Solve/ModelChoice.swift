import Foundation
import HRMData
import HRMFiles
import HRMPretrained

/// Selects one of the models included with the program by the notation of the first puzzle.
struct ModelChoice {
    /// The opened files and standard input, by argument index; some of them can be read only once.
    private(set) var opened: [Int: PuzzleLines] = [:]

    /// Returns the model for the first recognized puzzle in the arguments.
    ///
    /// - Parameter arguments: Puzzles, files with puzzles, or `-` for standard input.
    /// - Returns: The model.
    /// - Throws: ``CommandError`` if no puzzle is recognized.
    mutating func model(for arguments: [String]) throws -> PretrainedModel {
        var problem: String?
        for (index, argument) in arguments.enumerated() {
            var recognizer = PuzzleRecognizer()
            do {
                if let model = try model(for: argument, at: index, &recognizer) { return model }
            } catch {
                let name = argument == "-" ? "standard input" : argument
                problem = problem ?? "\(name) cannot be read: \(PuzzleInputs.reason(for: error))"
                continue
            }
            problem = problem ?? Self.problem(with: argument, recognizer)
        }
        throw CommandError(problem ?? "there is no puzzle; \(PretrainedModel.notation)")
    }

    private mutating func model(
        for argument: String, at index: Int, _ recognizer: inout PuzzleRecognizer
    ) throws -> PretrainedModel? {
        if argument == "-" {
            opened[index] = .standardInput
        } else {
            let text = TextDecoder.plain(argument)
            let model = PretrainedModel.suitable(for: text)
            // Text shorter than the smallest puzzle is at most a row: "2024" is a file, if it
            // exists.
            guard model == nil || text.count < 16, let file = try Self.file(argument) else {
                for line in text.split(whereSeparator: \.isNewline) {
                    _ = recognizer.read(line)
                }
                return model
            }
            opened[index] = PuzzleLines(file)
        }
        let decided = try opened[index]?.lookAhead { line in
            switch recognizer.read(line) {
            case .model(let model): .decided(model)
            case .nothing: .skip
            case .undecided: .proceed
            }
        }
        return decided ?? recognizer.assumption
    }

    /// Opens the file of an argument; returns `nil` if it does not exist or is a folder.
    private static func file(_ argument: String) throws -> FileHandle? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder),
            !isFolder.boolValue, PuzzleInputs.refusal(of: argument) == nil
        else { return nil }
        return try FileHandle(forReadingFrom: URL(fileURLWithPath: argument))
    }

    /// Returns the reason why an argument has no puzzle for one of the models.
    private static func problem(with argument: String, _ recognizer: PuzzleRecognizer) -> String {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder)
        let known = "the puzzles of the models that come with hrm"
        if argument != "-", let refusal = PuzzleInputs.refusal(of: argument) {
            return "\(argument) cannot be read: \(refusal)"
        }
        if argument == "-" || exists && !isFolder.boolValue {
            let name = argument == "-" ? "standard input" : argument
            guard let line = recognizer.nearMissLine ?? recognizer.firstLine else {
                return "\(name) has no puzzle; \(PretrainedModel.notation)"
            }
            let reason = recognizer.nearMiss ?? "it is written like none of \(known)"
            return "\(name), '\(PuzzlePlace.shown(line))': \(reason); \(PretrainedModel.notation)"
        }
        if isFolder.boolValue, recognizer.nearMiss == nil {
            return "\(argument) is a folder; name a file with puzzles"
        }
        if PuzzlePlace.isFileName(argument) { return PuzzlePlace.missing(argument) }
        let line = recognizer.nearMissLine ?? recognizer.firstLine ?? ""
        if let reason = recognizer.nearMiss {
            return "'\(PuzzlePlace.shown(line))': \(reason); \(PretrainedModel.notation)"
        }
        return
            "'\(PuzzlePlace.shown(line))' is not the name of a file, and it is written like none of "
            + "\(known); \(PretrainedModel.notation)"
    }
}
