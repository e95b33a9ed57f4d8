import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMInference

@Suite struct BlockMappingTests {
    private static func values(_ text: String) throws -> [String: String] {
        try BlockMapping.values(of: text)
    }

    /// The reason why a text is refused; nil if it is read.
    private static func refusal(_ text: String) -> String? {
        do throws(BlockMapping.Problem) {
            _ = try BlockMapping.values(of: text)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func sectionsAreNested() throws {
        let text = """
            a: 1
            b:
              c: 2
              d:
                    e: 3
                    f-1:
                     G_2: 4
              h: 5
            empty:
            i:
              empty:
            j: 6
            """
        let expected = [
            "a": "1", "b.c": "2", "b.d.e": "3", "b.d.f-1.G_2": "4", "b.h": "5", "j": "6",
        ]
        #expect(try Self.values(text) == expected)
        #expect(try Self.values(text.replacing("\n", with: "\r\n")) == expected)
        // The whole document may be indented.
        #expect(try Self.values("  a:\n    b: 1\n  c: 2") == ["a.b": "1", "c": "2"])
        for nothing in ["", "\n\n", "# a: 1", "---", "---\n"] {
            #expect(try Self.values(nothing).isEmpty, "\(nothing)")
        }
    }

    @Test func commentsHoldNothing() throws {
        let text = """
            # a: 0
            ---
            a: 1 # one
              # deeper
            b: # a section
            # not indented

              c: x#y
              d: 'z' # quoted
              e: "#" #
            f: # none
            g: [] # no elements
            h: {}
            """
        #expect(try Self.values(text) == ["a": "1", "b.c": "x#y", "b.d": "z", "b.e": "#"])
    }

    @Test(arguments: [
        ("plain", "plain"), ("two words  ", "two words"), ("   3.0e-04", "3.0e-04"),
        ("null", "null"), ("~", "~"), ("-1", "-1"), ("a:b", "a:b"), ("a.b@C", "a.b@C"),
        ("it's", "it's"), ("a 'b'", "a 'b'"), ("''", ""), ("' a '", " a "), ("'a: b'", "a: b"),
        ("'it''s'", "it's"), ("''''", "'"), ("'[1, 2]'", "[1, 2]"), ("\"it's\"", "it's"),
        ("'a\\n'", "a\\n"), ("'\"'", "\""),
    ])
    func valuesHaveNoQuotes(_ text: String, _ expected: String) throws {
        #expect(try Self.values("a: \(text)\nb: 1") == ["a": expected, "b": "1"])
    }

    /// PyYAML breaks lines of more than 80 characters.
    @Test func valuesGoOnInTheLinesBelow() throws {
        let lines = [
            "plain: checkpoints/Sudoku ACT-torch/HierarchicalReasoningModel_ACTV1",
            "  loose-caracara",
            "  'and' - more  ", "section:", "  single: 'a: b", "    it''s", "     c' # done",
            "  double: \"d  ", "    e\"", "last: 1",
        ]
        let path = "checkpoints/Sudoku ACT-torch/HierarchicalReasoningModel_ACTV1"
        #expect(
            try Self.values(lines.joined(separator: "\n")) == [
                "plain": "\(path) loose-caracara 'and' - more", "section.single": "a: b it's c",
                "section.double": "d e", "last": "1",
            ])
    }

    @Test func listsAreSkipped() throws {
        let text = """
            evaluators:
            - name: arc@ARC
              passes:
              - 1
              - 2
            - name: arc@ARC
              passes: [1, 2]
              text: |
                b: 1
            -
              - &x y
            a: 1
            b:
              outputs:
                - logits
                # between
                - q
              c: 2
            d:
            - 3
            """
        #expect(try Self.values(text) == ["a": "1", "b.c": "2"])
    }

    @Test(arguments: [
        ("a: 1\nb: [1]", "line 2 has '['"), ("a: {b: 1}", "line 1 has '{'"),
        ("a:\n  b: &x 1", "line 2 has '&'"), ("a: *x", "line 1 has '*'"),
        ("a: !!int 1", "line 1 has '!'"), ("\na: |\n  b", "line 2 has '|'"),
        ("a: >-\n  b", "line 1 has '>'"), ("a: %b", "line 1 has '%'"), ("a: @b", "line 1 has '@'"),
        ("a: `b`", "line 1 has '`'"), ("a: ? b", "line 1 has '?'"),
        ("a: 1\na: 2", "line 2 gives a a second time"),
        ("a:\n  b: 1\nc: 1\na:\n  d: 1", "line 4 gives a a second time"),
        ("a:\n  b: 1\n  b:", "line 3 gives a.b a second time"),
        ("a:\na:", "line 2 gives a a second time"),
        ("a: 'b", "the quotes in line 1 are not understood"),
        ("a: 'b' c", "the quotes in line 1 are not understood"),
        ("a: 1\nb: \"c\\n\"", "the quotes in line 2 are not understood"),
        ("a: 'b\n\n  c'", "the quotes in line 1 are not understood"),
        ("a: 'b\nc: d'", "the quotes in line 1 are not understood"),
        ("a", "line 1 is not 'key: value'"), ("a: 1\n\n b", "line 3 is indented unlike"),
        ("a:1", "line 1 is not 'key: value'"), ("a: 1\nb:\tc", "line 2 is not 'key: value'"),
        (": 1", "line 1 is not 'key: value'"), ("? a\n: 1", "line 1 is not 'key: value'"),
        ("'a': 1", "line 1 is not 'key: value'"), ("a b: 1", "line 1 is not 'key: value'"),
        ("a.b: 1", "line 1 is not 'key: value'"), ("é: 1", "line 1 is not 'key: value'"),
        ("- a: 1", "line 1 is not 'key: value'"), ("a: 1\n- b", "line 2 is not 'key: value'"),
        ("\ta: 1", "line 1 is not 'key: value'"), ("a: b: c", "line 1 is not 'key: value'"),
        ("a: b:", "line 1 is not 'key: value'"), ("%YAML 1.1", "line 1 is not 'key: value'"),
        ("a: 1\n---\nb: 1", "line 2 is not 'key: value'"),
        ("a: 1\n...", "line 2 is not 'key: value'"),
        ("a: 1\n  b: 2", "line 2 is indented unlike the keys before it"),
        ("a: 1\n  b # c", "line 2 is indented unlike the keys before it"),
        ("a: 1 # c\n  b", "line 2 is indented unlike the keys before it"),
        ("a:\n    b: 1\n  c: 2", "line 3 is indented unlike the keys before it"),
        ("a:\n  b: ''\n   c: 2", "line 3 is indented unlike the keys before it"),
        ("  a: 1\nb: 2", "line 2 is indented unlike the keys before it"),
    ])
    func otherFormsAreRefusedWithTheirLine(_ text: String, _ words: String) {
        let reason = Self.refusal(text)
        #expect(reason?.hasPrefix(words) == true, "\(text): \(reason ?? "is read")")
    }

    /// Whatever is read is a mapping that reads the same when written plainly.
    @Test func survivesMutation() {
        let original = Array(ReferenceConfiguration.tiny.utf8)
        let series = Mutations(
            "block mapping", count: 2000, seed: 31, telling: " \n\r\t:#-'\"[]{}&*!|>?,.%@`\\0a".utf8
        )
        let readable = series.run(on: [original]) { round in
            guard let values = try? Self.values(round.text) else {
                let reason = Self.refusal(round.text)
                #expect(reason?.contains("line ") == true, "\(round.description): \(reason ?? "")")
                return false
            }
            let written = values.map { name, value in
                let names = name.split(separator: ".")
                let sections = names.dropLast().enumerated().map { index, section in
                    String(repeating: " ", count: index) + section + ":\n"
                }
                let quoted = value.replacing("'", with: "''")
                return (
                    name,
                    sections.joined() + String(repeating: " ", count: names.count - 1)
                        + "\(names[names.count - 1]): '\(quoted)'"
                )
            }
            for (name, text) in written {
                #expect(
                    (try? Self.values(text)) == [name: values[name] ?? ""], "\(round.description)")
            }
            return true
        }
        #expect(readable > 0 && readable < series.count)
    }

    /// Deep nesting and long lists take no more than their length.
    @Test func largeDocumentsAreRead() throws {
        let depth = 400
        let nested = (0..<depth).map { String(repeating: " ", count: $0) + "a:" }
            .joined(separator: "\n")
        #expect(
            try Self.values(nested + " 1").keys.first?.count == 2 * depth - 1)
        let list = "a:\n" + String(repeating: "- b: 1\n", count: 50_000) + "c: 1"
        #expect(try Self.values(list) == ["c": "1"])
    }
}
