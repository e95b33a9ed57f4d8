import Foundation
import HRMData
import HRMFigures

/// How the sources of ARC tasks are printed.
enum ARCSourceText {
    /// Remarks of one kind that are printed one by one.
    private static let shown = 8

    /// A line a source: how many tasks it has, and what they are used for.
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
            ].filter { $0.0 > 0 }.map { "\(self.count($0, "task")), \($1)" }
            guard !parts.isEmpty else { return nil }
            return "\(short(origin.path)): " + parts.joined(separator: "; ")
        }
    }

    /// What somebody should know about the sources.
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
                let verb = number == 1 ? "is" : "are"
                guard path != other else {
                    return
                        "\(count(number, "task")) of \(short(path)) \(verb) there twice, with the "
                        + "same pairs, and taken once"
                }
                return
                    "\(count(number, "task")) of \(short(path)) \(verb) in \(short(other)), too, "
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

    /// A path as it is seen from the working folder.
    private static func short(_ path: String) -> String {
        let folder = FileManager.default.currentDirectoryPath + "/"
        return (path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path).printable
    }

    /// A number with its noun.
    static func count(_ number: Int, _ noun: String) -> String {
        "\(NumberText.grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }
}
