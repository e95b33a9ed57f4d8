import Foundation
import HRMData
import HRMFigures
import HRMFiles

/// The text about the sources of ARC tasks.
enum ARCSourceText {
    /// The maximum number of remarks of one kind that are printed individually.
    private static let shown = 8

    /// Returns a line for each source: its number of tasks, and their use.
    static func lines(
        of collection: ARCTaskCollection, heldOut: ARCDatasetBuilder.HeldOut
    ) -> [String] {
        var counts = collection.origins.map { _ in (measured: 0, trained: 0, untested: 0) }
        for entry in collection.entries {
            guard let origin = entry.origin else { continue }
            if heldOut.includes(entry) {
                counts[origin].measured += 1
            } else if entry.task.tests.isEmpty {
                counts[origin].untested += 1
            } else {
                counts[origin].trained += 1
            }
        }
        return zip(collection.origins, counts).compactMap { origin, count in
            let parts = [
                (count.measured, "measured on"), (count.trained, "trained on, test pairs included"),
                (count.untested, "trained on, without test pairs"),
            ].filter { $0.0 > 0 }.map { "\($0.grouped("task")), \($1)" }
            guard !parts.isEmpty else { return nil }
            return "\(short(origin.path)): " + parts.joined(separator: "; ")
        }
    }

    /// Returns notes on the sources.
    static func notes(
        on collection: ARCTaskCollection, heldOut: ARCDatasetBuilder.HeldOut
    ) -> [String] {
        let trained = collection.origins.filter { $0.soundsLikeEvaluation && !$0.isEvaluation }
        var notes =
            heldOut == .evaluation
            ? trained.map {
                "the test pairs of \(short($0.path)) are trained on, since --evaluation does not "
                    + "name it"
            } : []
        for kind in [remarks(on: collection, isRepetition: true), remarks(on: collection)] {
            notes += kind.prefix(shown)
            if kind.count > shown { notes.append("and \(kind.count - shown) more such notes") }
        }
        return notes
    }

    private static func remarks(
        on collection: ARCTaskCollection, isRepetition: Bool = false
    ) -> [String] {
        collection.remarks.compactMap { remark in
            switch remark {
            case .repeatedSource(let path, let other):
                guard isRepetition else { return nil }
                return path == other
                    ? "the source \(short(path)) is given more than once, and read once"
                    : "the sources \(short(other)) and \(short(path)) are the same, and read once"
            case .repeated(let number, let path, let other):
                guard isRepetition else { return nil }
                guard path != other else {
                    return "\(number.grouped("task")) of \(short(path)) "
                        + "\(number.word("is", "are")) there twice, with the same pairs, and taken once"
                }
                return
                    "\(number.grouped("task")) of \(short(path)) \(number.word("is", "are")) in \(short(other)), too, "
                    + "with the same pairs, and taken once"
            case .passedOver(let path, let reason):
                return isRepetition ? nil : "passed over: \(short(path)): \(reason)"
            case .contradictory(let task, let pairs):
                guard !isRepetition else { return nil }
                return "the task \(task.printable) has two pairs with the same input and different "
                    + "outputs: " + pairs.map(String.init).joined(separator: " and ")
            }
        }
    }

    /// Returns a path relative to the working folder.
    private static func short(_ path: String) -> String {
        let folder = FileManager.default.currentDirectoryPath + "/"
        return (path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path).printable
    }
}
