/// A font of 3 × 5 dots for captions in PNG files, which covers all printable ASCII characters.
enum BitmapFont {
    static let height = 5
    /// The distance between letters in dots.
    static let advance = 4

    /// Returns the width of a text in pixels, from its first dot to its last.
    static func width(of text: String, scale: Int) -> Int {
        max(0, text.count * advance - 1) * scale
    }

    /// Returns the dots of a letter; unknown characters are a filled box.
    static func dots(of character: Character) -> [(row: Int, column: Int)] {
        let rows = glyphs[character] ?? "77777"
        return rows.enumerated().flatMap { row, digit in
            let bits = digit.wholeNumberValue ?? 0
            return (0..<3).filter { bits & (4 >> $0) != 0 }.map { (row, $0) }
        }
    }

    /// The five rows of each letter from top to bottom; the highest bit of a digit is the left dot.
    private static let glyphs: [Character: String] = [
        " ": "00000", "0": "75557", "1": "26227", "2": "71747", "3": "71717", "4": "55711",
        "5": "74717", "6": "74757", "7": "71122", "8": "75757", "9": "75717", "A": "25755",
        "B": "65656", "C": "34443", "D": "65556", "E": "74647", "F": "74644", "G": "34553",
        "H": "55755", "I": "72227", "J": "11152", "K": "55655", "L": "44447", "M": "57755",
        "N": "65555", "O": "25552", "P": "65644", "Q": "25563", "R": "65655", "S": "34216",
        "T": "72222", "U": "55557", "V": "55552", "W": "55775", "X": "55255", "Y": "55222",
        "Z": "71247", "#": "57575", ".": "00002", ",": "00024", ":": "02020", "-": "00700",
        "_": "00007", "/": "11244", "|": "22222", "+": "02720", "*": "05250", "=": "07070",
        "(": "24442", ")": "21112", "<": "12421", ">": "42124", "?": "71202", "!": "22202",
        "%": "51245", "'": "22000", ";": "02024", "[": "64446", "]": "31113", "~": "03600",
        "a": "03553", "b": "44656", "c": "03443", "d": "11353", "e": "02743", "f": "12722",
        "g": "03536", "h": "44655", "i": "20222", "j": "10116", "k": "44565", "l": "22221",
        "m": "07755", "n": "06555", "o": "02552", "p": "06564", "q": "03531", "r": "03444",
        "s": "03636", "t": "27221", "u": "05553", "v": "05522", "w": "05577", "x": "05225",
        "y": "05536", "z": "07367", "\"": "55000", "$": "36263", "&": "25257", "@": "25743",
        "\\": "44211", "^": "25000", "`": "42000", "{": "32623", "}": "62326",
    ]
}
