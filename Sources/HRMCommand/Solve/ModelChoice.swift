import Foundation
import HRMData
import HRMPretrained

/// Chooses one of the models that come with the program by how the first puzzle is written.
struct ModelChoice {
    /// The lines of files, and of standard input, that were looked into, by the place of their argument;
    /// some can be read but once.
    private(set) var opened: [Int: PuzzleLines] = [:]

    /// The model for the first puzzle among the arguments that is one of theirs.
    ///
    /// - Parameter arguments: Puzzles, files with puzzles, or `-` for standard input.
    /// - Returns: The model.
    /// - Throws: ``CommandError`` when there is no such puzzle.
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
            // Less than the smallest puzzle is a row at most: "2024" is a file, if there is one.
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
            case .undecided: .goOn
            }
        }
        return decided ?? recognizer.assumption
    }

    /// The file of an argument; nil when there is none, or it is a folder.
    private static func file(_ argument: String) throws -> FileHandle? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder),
            !isFolder.boolValue, PuzzleInputs.refusal(of: argument) == nil
        else { return nil }
        return try FileHandle(forReadingFrom: URL(fileURLWithPath: argument))
    }

    /// Why there is no puzzle for one of the models in an argument.
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
