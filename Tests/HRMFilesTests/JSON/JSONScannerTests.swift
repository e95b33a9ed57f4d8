import Foundation
import HRMFiles
import Testing
import _HRMTestSupport

@Suite struct JSONScannerTests {
    static func problem(_ text: String) -> JSONProblem? { problem(Array(text.utf8)) }

    static func problem(_ bytes: [UInt8]) -> JSONProblem? {
        do throws(JSONProblem) {
            _ = try JSONScanner.outline(of: bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        #"{"a": 1, "a": 2}"#, #"{"a": 1, "\u0061": 2}"#, #"[{"b": {"x": [], "a": {}, "a": 0}}]"#,
        "{\"\u{E9}\": 1, \"e\u{301}\": 2}", #"{"\u00e9": 1, "é": 2}"#,
        #"{"\ud83d\ude00": 1, "😀": 2}"#, #"{"a\/b": 1, "a/b": 2}"#, #"{"": 1, "": 2}"#,
    ])
    func aNameIsThereOnce(_ text: String) throws {
        guard case .repeatedName = try #require(Self.problem(text)) else {
            Issue.record("\(text): \(String(describing: Self.problem(text)))")
            return
        }
        // Decoders silently keep one of them.
        #expect(
            (try? JSONSerialization.jsonObject(with: Data(text.utf8))) != nil)
    }

    @Test func repeatedNamesAreFoundWithTheirPlace() {
        #expect(
            Self.problem("{\"x\": {\n\"b\": 1,\n \"a\": 1, \"a\": 2}}")
                == .repeatedName("a", depth: 1, line: 3))
        #expect(
            Self.problem(#"{"esc\u001b[31m": 1, "esc\u001b[31m": 2}"#)?.explanation()
                .contains("\u{1B}") == false)
        #expect(Self.problem(#"[{"a": 1}, {"a": 2}, {"a": {"a": [{"a": 3}]}}]"#) == nil)
    }

    @Test(arguments: [
        ("", JSONProblem.empty), (" \n\t", .empty), ("\u{FEFF}", .empty),
        ("{", .invalid(line: 1, column: 2)), ("{\"a\"", .invalid(line: 1, column: 5)),
        ("[1,\n 2,\n , ]", .invalid(line: 3, column: 2)), ("[,]", .invalid(line: 1, column: 2)),
        ("[1 2]", .invalid(line: 1, column: 4)),
        ("{\"é\": tru}", .invalid(line: 1, column: 7)), ("[1]]", .invalid(line: 1, column: 4)),
        ("[1}", .invalid(line: 1, column: 3)), ("\"ab\u{1}\"", .invalid(line: 1, column: 4)),
        ("\"ab", .invalid(line: 1, column: 4)), ("{1: 2}", .invalid(line: 1, column: 2)),
        ("\u{0}", .invalid(line: 1, column: 1)), ("'a'", .invalid(line: 1, column: 1)),
        (String(repeating: "[", count: 100_000), .tooDeep(limit: 512)),
        (String(repeating: "{\"a\":", count: 100_000), .tooDeep(limit: 512)),
    ])
    func damageHasAPlace(text: String, problem: JSONProblem) {
        #expect(Self.problem(text) == problem)
    }

    @Test func outlinesTellTheContent() throws {
        let task = try JSONScanner.outline(
            of: Array(#"{"id": 3, "train": [{"input": [[1]], "output": 2}, {"x": 1}]}"#.utf8))
        #expect(task.kinds == [.object, .number, .object, .list])
        #expect(task.names == [["id", "train"], [], ["input", "output"], []])
        let words = try JSONScanner.outline(of: Array(" [ true , null, -1.5e+3, \"\\\"]\" ] ".utf8))
        #expect(words.kinds == [.list, .flag])
        #expect(try JSONScanner.outline(of: Array("\u{FEFF}{}".utf8)).kinds == [.object])
    }

    @Test func otherFilesAreToldByTheirBytes() {
        for (bytes, word) in [
            ([0x1F, 0x8B, 8, 0], "gunzip"), (Array("PK\u{3}\u{4}".utf8), "unzip"),
            ([0x93] + Array("NUMPY".utf8), "NumPy"), (Array("PAR1".utf8), "Parquet"),
            ([0x28, 0xB5, 0x2F, 0xFD], "unzstd"),
        ] as [([UInt8], String)] {
            #expect(Self.problem(bytes)?.explanation().contains(word) == true)
        }
    }

    /// The scanner refuses nothing that a decoder accepts, except duplicate names.
    @Test func agreesWithDecoders() {
        let originals = [
            #"{"a": [1, -2.5e-3, {"b": null}], "c\"\\\u00e9": "x\ny", "d": {"e": true}}"#,
            "[\n [0, 1],\r\n [[], {}], \"é😀\", false ]",
        ]
        let series = Mutations(
            "JSON scanner", count: 6000, seed: 29, telling: "[]{},:\"\\0123456789-.eunltrfas ".utf8)
        series.run(on: originals.map { Array($0.utf8) }) { round in
            let decoded = try? JSONSerialization.jsonObject(
                with: Data(round.bytes), options: .fragmentsAllowed)
            let problem = Self.problem(round.bytes)
            switch problem {
            case nil, .repeatedName: break
            // UTF-16 is converted to UTF-8 first.
            default:
                #expect(
                    decoded == nil || round.bytes.contains(0), "\(round.description): \(round.text)"
                )
            }
            return problem == nil
        }
    }

    struct Numbers: Decodable {
        var whole: Int
        var text: String?
        var list: [Double]?
        var inner: [String: Bool]?
    }

    @Test(arguments: [
        (#"{"whole": 0.5}"#, "a number in it does not fit"),
        (#"{"whole": 99999999999999999999}"#, "a number in it does not fit"),
        (#"{"whole": 1, "text": "\q"}"#, "it is not valid JSON"),
        (#"{"whole": "1"}"#, "'whole' is not a whole number"),
        (#"{"whole": 1, "text": 2}"#, "'text' is not a text"),
        (#"{"whole": 1, "list": [1, "x"]}"#, "'list' [1] is not a number"),
        (#"{"whole": 1, "list": {}}"#, "'list' is not a list"),
        (#"{"whole": 1, "inner": []}"#, "'inner' is not an object"),
        (#"{"whole": 1, "inner": {"\u001b": 3}}"#, "is not true or false"),
        (#"{"whole": null}"#, "'whole' must not be null"), ("{}", "the key 'whole' is missing"),
        ("[1]", "it is not an object"),
    ])
    func misfitsAreToldWithoutNamesOfTypes(text: String, reason: String) {
        #expect {
            _ = try JSONText.decode(Numbers.self, from: Array(text.utf8))
        } throws: { error in
            guard let problem = error as? JSONProblem else { return false }
            let words = problem.explanation()
            return words.contains(reason) && !words.contains("\u{1B}")
                && !["Int", "String", "Array", "Dictionary", "Double", "Bool"].contains {
                    words.contains($0)
                }
        }
    }
}
