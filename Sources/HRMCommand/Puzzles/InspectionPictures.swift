import HRM
import HRMData
import HRMFigures

/// The pictures of the requested examples: each input beside its output.
struct InspectionPictures {
    let sheet: PictureSheet

    init(_ inspection: DatasetInspection) {
        sheet = PictureSheet(
            rows: inspection.splits.flatMap { Self.rows(of: $0, task: inspection.task) })
    }

    private static func rows(
        of split: SplitInspection, task: PuzzleTask?
    ) -> [[PictureSheet.Panel]] {
        let padToken = split.metadata?.padToken ?? 0
        return split.examples.compactMap { example in
            // Examples missing from a damaged file cannot be drawn.
            guard example.input.count == example.output.count,
                let appearance = TokenAppearance(
                    task: task, vocabularySize: split.metadata?.vocabularySize,
                    sequenceLength: example.input.count)
            else { return nil }
            let output = example.output.map {
                $0 == Int(PuzzleBatch.ignoredLabel) ? padToken : $0
            }
            let pictures = appearance.pictures(
                input: example.input, output: output, padToken: padToken)
            let isNamed = example.identifier != split.metadata?.blankIdentifier ?? 0
            return [
                .init("group \(example.group), example \(example.example)", pictures.input),
                .init(isNamed ? printable(example.name) ?? "output" : "output", pictures.output),
            ]
        }
    }

    /// Returns a name without control characters, not longer than a picture is wide.
    static func printable(_ name: String?) -> String? {
        guard let name, !name.isEmpty else { return nil }
        let scalars = name.unicodeScalars.prefix(40).map { scalar in
            scalar.properties.generalCategory == .control ? "?" : Character(scalar)
        }
        return String(scalars)
    }
}
