import HRMData
import HRMEngine
import HRMFiles
import HRMInference
import HRMModel

extension ModelLibrary {
    /// Returns what the interface says about a model; one that cannot be used has a problem.
    ///
    /// - Parameters:
    ///   - entry: The model.
    ///   - hasCard: True to add the card.
    /// - Returns: The members.
    func description(of entry: Entry, hasCard: Bool) async -> JSONValue {
        var members: [String: JSONValue] = [
            "id": .text(entry.identifier), "name": .text(entry.name),
            "source": .text(entry.source.rawValue), "task": .null, "boards": .list([]),
            "parameters": .integer(0), "search": .flag(false), "thinking_steps": .integer(1),
            "summary": .text(""), "problem": .null,
        ]
        var card = ""
        do {
            let model = try await model(entry.identifier)
            card = model.card
            members["task"] = model.taskDescription ?? .null
            members["boards"] = .list(model.boards)
            members["parameters"] = .integer(model.file.model.layout.parameterCount)
            members["search"] = .flag(model.isSearch)
            members["thinking_steps"] = .integer(model.reasoner.plan.maxSteps)
            members["summary"] = .text(Self.summary(of: card))
            if members["task"] == .null {
                members["problem"] = .text("its file does not say which puzzle it is for")
            }
        } catch let error as HTTPError {
            members["problem"] = .text(error.what)
        } catch {
            members["problem"] = .text("it cannot be read")
        }
        if hasCard { members["card"] = .text(card) }
        return .object(members)
    }

    /// Returns the first line that is not a heading.
    private static func summary(of card: String) -> String {
        card.split(separator: "\n").first { !$0.hasPrefix("#") }.map(String.init) ?? ""
    }
}

extension ModelLibrary.Loaded {
    /// The canvas of a model of ARC tasks; nil for others.
    var canvas: ARCCanvas? {
        let dimensions = file.model.dimensions
        guard task == nil, dimensions.vocabularySize == ARCCanvas.vocabularySize else { return nil }
        return ARCCanvas(sequenceLength: dimensions.sequenceLength)
    }

    /// The model's own task; nil if it is unknown.
    var taskDescription: JSONValue? {
        if let task { return task.description }
        return canvas.map {
            .object([
                "kind": .text("arc"), "rows": .integer($0.size), "columns": .integer($0.size),
            ])
        }
    }

    /// All boards that the model takes.
    var boards: [JSONValue] {
        guard isSearch else { return [taskDescription].compactMap(\.self) }
        return SudokuGeometry.all.map(PuzzleTask.sudoku).filter {
            (try? file.fitted(to: $0)) != nil
        }.map(\.description)
    }
}
