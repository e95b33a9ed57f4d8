import HRMFigures
import Testing

@Suite struct WrappedTextTests {
    @Test func breaksBetweenWords() {
        #expect(WrappedText.wrapped("one two three", width: 7) == "one two\nthree")
        #expect(WrappedText.wrapped("one two three", width: 8) == "one two\nthree")
        #expect(WrappedText.wrapped("one two three", width: 13) == "one two three")
    }

    @Test func keepsLineFeedsAndLongWords() {
        #expect(WrappedText.wrapped("a\n\nbb cc", width: 2) == "a\n\nbb\ncc")
        #expect(WrappedText.wrapped("a longest b", width: 3) == "a\nlongest\nb")
        #expect(WrappedText.wrapped("", width: 3).isEmpty)
    }

    @Test func keepsLinesThatFitAsTheyAre() {
        #expect(WrappedText.wrapped("  a  b", width: 6) == "  a  b")
    }
}
