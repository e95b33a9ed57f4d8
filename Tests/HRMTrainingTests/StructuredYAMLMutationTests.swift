import HRMModel
import HRMTensor
import HRMTraining
import Testing
import _HRMTestSupport

@testable import HRMInference

/// Damage that keeps most of a YAML file in form: to keys, values, indentation and line ends, and with
/// marks that mean something.
@Suite struct StructuredYAMLMutationTests {
    private static let values = [
        "", "null", "~", "{}", "[]", "[1, 2]", "{a: 1}", "0", "-1", "1", "9223372036854775807",
        "-9223372036854775808", "18446744073709551615", "1e308", "1e-308", "1e999", ".nan", ".inf",
        "0x10", "true", "no", "&a 1", "*a", "'*a'", "\"&a\"", "b *a", "${arch.hidden_size}",
        "!!int 3",
        "!t x", "|", ">-", "'", "\"", "# x", "@", "`", "\u{85}", "\u{2028}x", "[[[[[[[[", "- x",
        "a: b",
        "\"\\ud800\"", "\u{FEFF}", "?", "0:1x1,0.5:2x2", "none",
    ]
    private static let pieces = [
        "- ", "? ", ": ", "&a ", "*a", "!x ", "[", "]", "{", "}", ",", "#", "\t", "\"", "'", "|",
        ">", "%",
        "---\n", "...\n", "<<: ", "\r", "\u{85}", "\u{2028}", "  ", "\\",
    ]

    private static func mutated(
        _ text: String, keys: [String], using generator: inout SeededGenerator
    ) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0..<lines.count, using: &generator)
            let line = lines[place]
            let indent = line.prefix { $0 == " " }
            let value = values.randomElement(using: &generator) ?? ""
            let name = line.dropFirst(indent.count).prefix { $0 != ":" }
            switch Int.random(in: 0..<10, using: &generator) {
            case 0, 1: lines[place] = "\(indent)\(name): \(value)"
            case 2:
                lines[place] = "\(indent)\(keys.randomElement(using: &generator) ?? ""): \(value)"
            case 3: lines.insert(line, at: Int.random(in: 0...lines.count, using: &generator))
            case 4:
                lines[place] =
                    String(
                        repeating: " ",
                        count: [0, 1, 2, 4, 70].randomElement(using: &generator) ?? 0)
                    + line.dropFirst(indent.count)
            case 5: lines.remove(at: place)
            case 6:
                let cut = line.index(
                    line.startIndex, offsetBy: Int.random(in: 0...line.count, using: &generator))
                lines[place] =
                    line[..<cut] + (pieces.randomElement(using: &generator) ?? "") + line[cut...]
            case 7: lines.swapAt(place, Int.random(in: 0..<lines.count, using: &generator))
            case 8: lines[place] = "\(indent)? \(name)\n\(indent): \(value)"
            default: lines[place] = "\(indent)\(name): {\(name): \(value)}"
            }
            if lines.isEmpty { lines = [""] }
        }
        let end = Int.random(in: 0..<12, using: &generator)
        return lines.joined(
            separator: end == 0 ? "\r" : end == 1 ? "\r\n" : end == 2 ? "\u{85}" : "\n")
    }

    private static func rounds(
        _ name: String, count: Int, of originals: [String], slowness: Int = 1,
        read: (String, String) throws -> Bool
    ) rethrows -> (readable: Int, count: Int) {
        let series = Mutations(name, count: count, seed: 17, telling: [], slowness: slowness)
        let keys =
            ConfigurationKey.all.map(\.name)
            + ConfigurationKey.all.compactMap {
                $0.name.split(separator: ".").last.map(String.init)
            } + [
                "defaults", "hydra", "data_paths", "data_paths_test", "evaluators", "run_name",
                "min_eval_interval",
            ]
        print("\(name): \(series.count) mutations, seed \(series.seed)")
        var readable = 0
        for round in 0..<series.count {
            var generator = SeededGenerator(seed: series.seed, stream: UInt64(round))
            let text = mutated(
                originals.randomElement(using: &generator) ?? "", keys: keys, using: &generator)
            if try read(text, "\(name), seed \(series.seed), round \(round)") { readable += 1 }
        }
        print("\(name): of \(series.count) mutated files, \(readable) could be read")
        return (readable, series.count)
    }

    /// The parser's own words, and those of Swift.
    private static func isOurs(_ message: String) -> Bool {
        !["yaml_", "YamlError", "Optional(", "NSCocoa", "did not find", "(context"].contains {
            message.contains($0)
        } && !message.isEmpty
    }

    @Test func configurationsSurviveStructuredMutation() throws {
        let originals = try [
            Preset.demo.configuration.yaml(), Preset.trmSudokuExtreme.configuration.yaml(),
            Preset.sudokuTiny.configuration.yaml(), ConfigurationFileTests.reference,
        ]
        let dimensions = PuzzleDimensions(
            vocabularySize: 11, sequenceLength: 81, puzzleIdentifierCount: 2)
        let result = try Self.rounds("structured YAML", count: 3000, of: originals) { text, round in
            let read: ConfigurationFile
            do throws(ConfigurationFileError) {
                read = try ConfigurationFile(yaml: text, path: "f")
            } catch {
                #expect(Self.isOurs(error.description), "\(round): \(error)")
                return false
            }
            let configuration = read.configuration
            let again = try ConfigurationFile(yaml: configuration.yaml(), path: "f")
            #expect(again.configuration == configuration && again.unmet.isEmpty, "\(round)")
            if (try? configuration.validate(for: dimensions)) != nil {
                let layout = ParameterLayout(
                    configuration: configuration.architecture, dimensions: dimensions)
                #expect(layout.flatCount > 0, "\(round)")
            }
            return true
        }
        #expect(result.readable > result.count / 50 && result.readable < result.count)
    }

    /// The reader of model files reads what the whole parser reads, or refuses it.
    @Test func architecturesAreThoseOfTheWholeParser() throws {
        let originals = try [
            Preset.demo.configuration.yaml(), Preset.trmSudokuExtreme.configuration.yaml(),
            Preset.sudokuTiny.configuration.yaml(),
        ]
        let result = Self.rounds(
            "structured YAML of model files", count: 2000, of: originals
        ) { text, round in
            guard let found = try? ArchitectureRecord.architecture(yaml: text, path: "f"),
                let whole = try? ConfigurationFile(yaml: text, path: "f")
            else { return false }
            #expect(found == whole.configuration.architecture, "\(round)")
            return true
        }
        #expect(result.readable > result.count / 50 && result.readable < result.count)
    }

    @Test func sweepsSurviveStructuredMutation() {
        let result = Self.rounds(
            "structured YAML of sweeps", count: 1000, of: [SweepFileTests.text], slowness: 4
        ) { text, round in
            do throws(SweepFileError) {
                let file = try SweepFile(yaml: text, path: "f")
                #expect(
                    !file.experiments.isEmpty && !file.seeds.isEmpty && file.budget > 0, "\(round)")
                return true
            } catch {
                #expect(Self.isOurs(error.description), "\(round): \(error)")
                return false
            }
        }
        #expect(result.readable > result.count / 50 && result.readable < result.count)
    }
}
