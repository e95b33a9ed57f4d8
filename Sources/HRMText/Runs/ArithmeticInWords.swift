package import HRMTensor

/// Sums and differences of numbers in words: "forty-two plus seven" and "forty-nine".
package struct ArithmeticInWords: Sendable, Hashable {
    /// The largest operand, at most 999.
    package var largest: Int

    /// Creates the problems with operands from 0 to `largest`.
    package init(largest: Int) {
        precondition((1...999).contains(largest), "operands up to \(largest), at most 999")
        self.largest = largest
    }

    /// The number of different problems: sums, and differences that are not negative.
    package var count: Int {
        let operands = largest + 1
        return operands * operands + operands * (operands + 1) / 2
    }

    /// Returns different problems in a random order.
    ///
    /// - Parameters:
    ///   - wanted: Their number, at most ``count``.
    ///   - generator: The source of randomness.
    /// - Returns: The problems.
    package func problems(
        _ wanted: Int, using generator: inout SeededGenerator
    ) -> [TextPair] {
        precondition(wanted <= count, "\(wanted) of \(count) problems")
        var all: [(Int, Int, isSum: Bool)] = []
        for left in 0...largest {
            for right in 0...largest {
                all.append((left, right, true))
                if right <= left { all.append((left, right, false)) }
            }
        }
        all.shuffle(using: &generator)
        return all.prefix(wanted).map { left, right, isSum in
            TextPair(
                prompt: "\(Self.words(left)) \(isSum ? "plus" : "minus") \(Self.words(right))",
                answer: Self.words(isSum ? left + right : left - right))
        }
    }

    private static let small = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
        "eighteen", "nineteen",
    ]
    private static let tens = [
        "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ]

    /// Returns a number in words.
    ///
    /// - Parameter number: From 0 to 1999.
    /// - Returns: For instance "three hundred forty-two".
    package static func words(_ number: Int) -> String {
        precondition((0...1999).contains(number), "\(number) in words")
        if number < 20 { return small[number] }
        if number < 100 {
            let rest = number % 10
            return tens[number / 10 - 2] + (rest > 0 ? "-" + small[rest] : "")
        }
        if number < 1000 {
            let rest = number % 100
            return small[number / 100] + " hundred" + (rest > 0 ? " " + words(rest) : "")
        }
        let rest = number % 1000
        return "one thousand" + (rest > 0 ? " " + words(rest) : "")
    }
}
